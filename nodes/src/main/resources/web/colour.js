// Colour scales. Colours are packed as canvas pixels: 0xAABBGGRR.

/** Packs red, green, blue in 0..255. */
export function pack(r, g, b) {
  return (0xff000000 | (b << 16) | (g << 8) | r) >>> 0;
}

function tabulate(colour) {
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const [r, g, b] = colour(i / 255).map((c) => Math.round(255 * Math.min(1, Math.max(0, c))));
    return pack(r, g, b);
  });
}

function polynomial(coefficients, x) {
  return coefficients.reduceRight((sum, c) => sum * x + c, 0);
}

// Turbo, polynomial fit published by A. Mikhailov (2019).
const TURBO = [
  [0.13572138, 4.6153926, -42.66032258, 132.13108234, -152.94239396, 59.28637943],
  [0.09140261, 2.19418839, 4.84296658, -14.18503333, 4.27729857, 2.82956604],
  [0.1066733, 12.64194608, -60.58204836, 110.36276771, -89.90310912, 27.34824973],
];

// Viridis (S. van der Walt, N. Smith), polynomial fit published by M. Zucker.
const VIRIDIS = [
  [0.277727, 0.105093, -0.330862, -4.634230, 6.228270, 4.776385, -5.435456],
  [0.005407, 1.404614, 0.214848, -5.799101, 14.179933, -13.745145, 4.645853],
  [0.334100, 1.384590, 0.095095, -19.332441, 56.690553, -65.353033, 26.312435],
];

/** 256 colours from near (red) to far (blue). */
export const nearToFar = tabulate((x) => TURBO.map((c) => polynomial(c, 0.97 - 0.92 * x)));

/** 256 colours from low to high. */
export const lowToHigh = tabulate((x) => VIRIDIS.map((c) => polynomial(c, x)));

/** Hue in turns, strength 0..1 from the scheme's ground colour to the full hue. */
export function hue(turns, strength, ground) {
  const channel = (offset) => {
    const k = (turns * 6 + offset) % 6;
    const full = 255 * (1 - Math.max(0, Math.min(k, 4 - k, 1)));
    return Math.round(ground + (full - ground) * strength);
  };
  return pack(channel(5), channel(3), channel(1));
}

/** A CSS colour of the page as [r, g, b], whatever the scheme. */
export function themeColour(name) {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const hex = probe.fillStyle;
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
}

/** A length or speed with as many digits as help. */
export function figure(value) {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}
