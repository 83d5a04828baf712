/** Networks from files: the one that is shipped, and users' own. */
package dev.parallax.nodes.model;
