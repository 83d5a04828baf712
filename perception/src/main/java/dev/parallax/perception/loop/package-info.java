/**
 * Recognising places and closing loops: keyframes that look alike, checked geometrically, bend a
 * graph of keyframe poses; what comes of it is the correction from odom to map, nothing else.
 */
package dev.parallax.perception.loop;
