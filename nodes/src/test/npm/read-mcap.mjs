// Reads an MCAP file with the reference reader for JavaScript, by its index and as a stream, checks
// that both see the same, and prints: profile, then one line a channel, then one line a message.
import { McapIndexedReader, McapStreamReader } from "@mcap/core";
import { loadDecompressHandlers } from "@mcap/support";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const bytes = readFileSync(process.argv[2]);
const decompressHandlers = await loadDecompressHandlers();
const digest = (data) => createHash("md5").update(data).digest("hex");
const line = (channel, message) =>
  `message ${channel.topic} ${message.sequence} ${message.logTime} ${digest(message.data)}`;

const readable = {
  size: async () => BigInt(bytes.length),
  read: async (offset, size) => bytes.subarray(Number(offset), Number(offset + size)),
};
const indexed = await McapIndexedReader.Initialize({ readable, decompressHandlers });
console.log(`profile ${indexed.header.profile}`);
for (const channel of indexed.channelsById.values()) {
  const schema = indexed.schemasById.get(channel.schemaId);
  const md = JSON.stringify([...channel.metadata].sort());
  console.log(
    `channel ${channel.topic} ${channel.messageEncoding} ${schema?.name} ${schema?.encoding} ` +
      `${schema ? digest(schema.data) : ""} ${md}`,
  );
}
const byIndex = [];
for await (const message of indexed.readMessages({ validateCrcs: true })) {
  byIndex.push(line(indexed.channelsById.get(message.channelId), message));
}
if (indexed.statistics.messageCount !== BigInt(byIndex.length)) {
  throw new Error(`the statistics promise ${indexed.statistics.messageCount} messages`);
}

const stream = new McapStreamReader({ decompressHandlers, validateCrcs: true });
const channels = new Map();
const byStream = [];
const others = [];
stream.append(bytes);
for (let record; (record = stream.nextRecord()); ) {
  if (record.type === "Channel") {
    channels.set(record.id, record);
  } else if (record.type === "Message") {
    byStream.push(line(channels.get(record.channelId), record));
  } else if (record.type === "Attachment") {
    others.push(`attachment ${record.name} ${record.mediaType} ${digest(record.data)}`);
  } else if (record.type === "Metadata") {
    others.push(`metadata ${record.name} ${JSON.stringify([...record.metadata])}`);
  }
}
if (!stream.done()) {
  throw new Error("the stream reader did not reach the end");
}
if (byIndex.slice().sort().join() !== byStream.sort().join()) {
  throw new Error("index and stream disagree");
}
for await (const attachment of indexed.readAttachments()) {
  others.push(`indexed-attachment ${attachment.name}`);
}
for await (const metadata of indexed.readMetadata()) {
  others.push(`indexed-metadata ${metadata.name}`);
}
[...byIndex, ...others].forEach((text) => console.log(text));
