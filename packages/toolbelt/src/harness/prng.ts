import { readU32 } from './wire.ts'

/**
 * `Math.random` of one call: sfc32, seeded by the platform. It is not for keys, as the runtime's own is not.
 * @param from where the 16 bytes of the seed begin
 */
export function seededRandom(seed: Uint8Array, from: number): () => number {
  let a = readU32(seed, from)
  let b = readU32(seed, from + 4)
  let c = readU32(seed, from + 8)
  let d = readU32(seed, from + 12)
  function next(): number {
    const sum = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return sum >>> 0
  }
  return () => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 9_007_199_254_740_992
}
