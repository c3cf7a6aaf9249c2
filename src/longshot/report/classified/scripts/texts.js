// Texts, passages and examples: packed, and unpacked once they are wanted.

const data = JSON.parse(byId("data").textContent);

// The report is in English throughout.
const counted = (n, what) => `${whole(n)} ${what}${n === 1 ? "" : "s"}`;

const canUnpack = "DecompressionStream" in window;
const CANNOT_UNPACK =
  "This browser is too old to unpack the texts. Any browser of the last years can.";

const unpacked = new Map();

async function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream();
  const plain = stream.pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(plain).text());
}

function chunk(number) {
  if (!unpacked.has(number)) unpacked.set(number, unpack(data.chunks[number]));
  return unpacked.get(number);
}

async function details(index) {
  const number = Math.floor(index / data.chunkSize);
  return (await chunk(number))[index % data.chunkSize];
}

function matches() {
  if (!unpacked.has("matches")) unpacked.set("matches", unpack(data.matches));
  return unpacked.get("matches");
}

const textOf = (detail) => detail.parts.map(([, text]) => text).join("\n");

// What a search looks through: for each document its name and text, in small letters.
let haystacks = null;

function searchable() {
  haystacks ??= readAll();
  return haystacks;
}

async function readAll() {
  const found = documents.map((one) => one.id.toLowerCase());
  if (!canUnpack) return found;
  for (const number of data.chunks.keys()) {
    const first = number * data.chunkSize;
    for (const [i, detail] of (await chunk(number)).entries()) {
      found[first + i] += `\n${textOf(detail).toLowerCase()}`;
    }
  }
  return found;
}
