/** A text as it is compared: case, blanks around it, and how its letters are composed do not count. */
export function plain(text: string): string {
  return text.trim().normalize('NFC').toLowerCase()
}

const SIGNS = /[^\p{L}\p{M}\p{N}]+/gu
const BEGINS = /^[\p{L}\p{M}\p{N}]/u
const ENDS = /[\p{L}\p{M}\p{N}]$/u

/** Whether a keyword stands in a text as words of its own; signs between them, and around them, do not count unless they are its own. */
export function hasWords(text: string, keyword: string): boolean {
  const [line, words] = [plain(text), plain(keyword)]
  if (words === '') return false
  if (` ${line.replaceAll(SIGNS, ' ')} `.includes(` ${words} `)) return true
  const before = BEGINS.test(words) ? '(?<![\\p{L}\\p{M}\\p{N}])' : ''
  const after = ENDS.test(words) ? '(?![\\p{L}\\p{M}\\p{N}])' : ''
  return new RegExp(`${before}${RegExp.escape(words)}${after}`, 'u').test(line)
}
