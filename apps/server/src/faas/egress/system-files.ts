import { readFileSync, statSync } from 'node:fs'
import { isIP } from 'node:net'

const MAX_BYTES = 1_048_576

/** A small text file of the system, read again when it has changed; '' when there is none. */
export function watchedFile<T>(path: string, parse: (text: string) => T): () => T {
  let seen = ''
  let value = parse('')
  return () => {
    // Synchronous on purpose: the file is small and local, and no function may wait in the thread pool.
    const found = statSync(path, { throwIfNoEntry: false, bigint: true })
    const state = found ? `${found.ino} ${found.mtimeNs} ${found.size}` : ''
    if (state !== seen) {
      value = parse(found && found.size <= MAX_BYTES ? readFileSync(path, 'utf8') : '')
      seen = state
    }
    return value
  }
}

/** The addresses of each name in the format of /etc/hosts. */
export function parseHosts(text: string): Map<string, string[]> {
  const byName = new Map<string, string[]>()
  for (const words of linesOf(text)) {
    const [address = '', ...names] = words
    if (isIP(address) === 0) continue
    for (const name of names) {
      const key = name.toLowerCase()
      byName.set(key, [...(byName.get(key) ?? []), address])
    }
  }
  return byName
}

/** What is appended to short names, in the format of /etc/resolv.conf. */
export interface Search {
  domains: string[]
  /** A name with fewer dots is tried with the domains first. */
  dots: number
}

export function parseSearch(text: string): Search {
  const search: Search = { domains: [], dots: 1 }
  for (const [keyword, ...values] of linesOf(text)) {
    if (keyword === 'search' || keyword === 'domain') search.domains = values
    if (keyword !== 'options') continue
    for (const value of values) {
      const [, dots] = /^ndots:(\d{1,2})$/.exec(value) ?? []
      if (dots !== undefined) search.dots = Number(dots)
    }
  }
  return search
}

function linesOf(text: string): string[][] {
  return text
    .split('\n')
    .map((line) =>
      line
        .replace(/[#;].*/, '')
        .trim()
        .split(/\s+/),
    )
    .filter(([first]) => first !== '')
}
