/**
 * What an inertial sensor tells of a camera's motion: turns from the gyroscope, held against those
 * that the pictures show, and metres and gravity from the accelerometer. Knows no pictures and no
 * odometry; the pipeline joins them.
 */
package dev.parallax.perception.inertial;
