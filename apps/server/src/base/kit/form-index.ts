import { randomInt } from 'node:crypto'

/** Every form has at least this many characters. So many decide whether a form may begin at a place. */
export const MIN_FORM_CHARACTERS = 12
/** Longer forms are looked for piece by piece. */
const PIECE_CHARACTERS = 64

/** Unknown to authors of functions, who choose both the forms and the texts: nobody can make many texts with one hash. */
const BASE = randomInt(2 ** 20, 2 ** 31) | 1
/** POWERS[n] is BASE to the power of n, in 32 bits. */
const POWERS = [1]
for (let n = 0; n < PIECE_CHARACTERS + MIN_FORM_CHARACTERS; n += 1) {
  POWERS.push(Math.imul(POWERS[n] ?? 0, BASE))
}

/** Texts that are looked for, all at once. */
export interface FormIndex {
  add(form: string): void
  /** Replaces every form, and forms side by side as one. */
  replaceIn(text: string, replacement: string): string
  readonly characters: number
}

/**
 * Finds forms by hashes of parts of the text (Rabin and Karp). The time depends on the length of the text alone, not on how many
 * forms there are: authors of functions choose both, and must not hold the server.
 */
export function openFormIndex(): FormIndex {
  const pieces = new Set<string>()
  /** By the hash of a piece's first characters: the lengths of such pieces, longest first. */
  const lengths = new Map<number, number[]>()
  let characters = 0

  function addPiece(piece: string): void {
    if (pieces.has(piece)) return
    pieces.add(piece)
    characters += piece.length
    const first = hashOf(prefixHashes(piece), 0, MIN_FORM_CHARACTERS)
    const known = lengths.get(first) ?? []
    if (known.includes(piece.length)) return
    lengths.set(
      first,
      [...known, piece.length].toSorted((a, b) => b - a),
    )
  }

  /** Where the longest piece ends that begins here. */
  function endOfPiece(text: string, hashes: Int32Array, start: number): number | undefined {
    const candidates = lengths.get(hashOf(hashes, start, MIN_FORM_CHARACTERS))
    const length = candidates?.find((wanted) => pieces.has(text.slice(start, start + wanted)))
    return length === undefined ? undefined : start + length
  }

  return {
    add(form) {
      for (const piece of piecesOf(form)) addPiece(piece)
    },
    replaceIn(text, replacement) {
      if (pieces.size === 0 || text.length < MIN_FORM_CHARACTERS) return text
      const hashes = prefixHashes(text)
      const last = text.length - MIN_FORM_CHARACTERS
      let clean = ''
      let copied = 0
      for (let start = 0; start <= last;) {
        const end = endOfPiece(text, hashes, start)
        if (end === undefined) {
          start += 1
          continue
        }
        if (start > copied || copied === 0) clean += text.slice(copied, start) + replacement
        copied = end
        start = end
      }
      return copied === 0 ? text : clean + text.slice(copied)
    },
    get characters() {
      return characters
    },
  }
}

/** The last piece takes what would be too short for a piece of its own. */
function piecesOf(form: string): string[] {
  const pieces: string[] = []
  let rest = form
  while (rest.length >= PIECE_CHARACTERS + MIN_FORM_CHARACTERS) {
    pieces.push(rest.slice(0, PIECE_CHARACTERS))
    rest = rest.slice(PIECE_CHARACTERS)
  }
  return [...pieces, rest]
}

/** The hash of the text's beginning before each place. */
function prefixHashes(text: string): Int32Array {
  const hashes = new Int32Array(text.length + 1)
  let hash = 0
  for (let at = 0; at < text.length; at += 1) {
    hash = (Math.imul(hash, BASE) + text.charCodeAt(at)) | 0
    hashes[at + 1] = hash
  }
  return hashes
}

/** The hash of `length` characters from `start` on. */
function hashOf(hashes: Int32Array, start: number, length: number): number {
  const before = Math.imul(hashes[start] ?? 0, POWERS[length] ?? 0)
  return ((hashes[start + length] ?? 0) - before) | 0
}
