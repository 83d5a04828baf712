// Decodes every message of an MCAP file of ROS 1 messages by the definitions in the file itself, as
// Foxglove does, and prints of each: topic, type, stamp, frame and what it is.
import { McapIndexedReader } from "@mcap/core";
import { loadDecompressHandlers } from "@mcap/support";
import { parse } from "@foxglove/rosmsg";
import { MessageReader } from "@foxglove/rosmsg-serialization";
import { readFileSync } from "node:fs";

const bytes = readFileSync(process.argv[2]);
const readable = {
  size: async () => BigInt(bytes.length),
  read: async (offset, size) => bytes.subarray(Number(offset), Number(offset + size)),
};
const decompressHandlers = await loadDecompressHandlers();
const file = await McapIndexedReader.Initialize({ readable, decompressHandlers });
const readers = new Map();
for (const channel of file.channelsById.values()) {
  const schema = file.schemasById.get(channel.schemaId);
  if (channel.messageEncoding !== "ros1" || schema.encoding !== "ros1msg") {
    throw new Error(`${channel.topic} is ${channel.messageEncoding} by ${schema.encoding}`);
  }
  const definitions = parse(new TextDecoder().decode(schema.data));
  readers.set(channel.id, { channel, schema, reader: new MessageReader(definitions) });
}

function describe(type, m) {
  switch (type) {
    case "sensor_msgs/Image":
      return `${m.width}x${m.height} ${m.encoding} step ${m.step} of ${m.data.length} bytes`;
    case "sensor_msgs/CompressedImage":
      return `${m.format.split(";")[0]} ${m.data[0] === 0xff && m.data[1] === 0xd8 ? "jpeg" : "?"}`;
    case "sensor_msgs/CameraInfo":
      return `${m.width}x${m.height} fx ${m.K[0]}`;
    case "nav_msgs/Odometry":
      return `${m.child_frame_id} x ${m.pose.pose.position.x}`;
    case "tf2_msgs/TFMessage": {
      const t = m.transforms[0];
      return `${t.header.frame_id} to ${t.child_frame_id} x ${t.transform.translation.x}`;
    }
    case "nav_msgs/OccupancyGrid":
      return `${m.info.width}x${m.info.height} at ${m.info.resolution.toFixed(3)}`;
    case "nav_msgs/Path":
      return `${m.poses.length} poses`;
    case "sensor_msgs/PointCloud2":
      return `${m.width * m.height} points of ${m.fields.map((f) => f.name).join(" ")}`;
    case "std_msgs/String":
      return m.data;
    case "rosgraph_msgs/Log":
      return `${m.level} ${m.msg}`;
    default:
      return "?";
  }
}

for await (const message of file.readMessages({ validateCrcs: true })) {
  const { channel, schema, reader } = readers.get(message.channelId);
  const m = reader.readMessage(message.data);
  const stamp = m.header ? `${m.header.stamp.sec}.${m.header.stamp.nsec}` : "-";
  console.log(
    `${channel.topic} ${schema.name} ${stamp} "${m.header?.frame_id ?? ""}" ${describe(schema.name, m)}`,
  );
}
