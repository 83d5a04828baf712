/**
 * Frames from Kafka, results to Kafka, each exactly once. Start at {@code KafkaNode}. The only
 * importer of Kafka's clients.
 */
package dev.parallax.nodes.kafka;
