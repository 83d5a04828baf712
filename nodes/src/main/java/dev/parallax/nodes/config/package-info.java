/** What a node's user configures in YAML; each part is then a record beside the class it is for. */
package dev.parallax.nodes.config;
