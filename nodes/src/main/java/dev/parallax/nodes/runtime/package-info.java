/**
 * Around the pipeline: who reads, who waits for whom, and what became of every frame. Start at
 * {@link dev.parallax.nodes.runtime.PipelineRunner}.
 */
package dev.parallax.nodes.runtime;
