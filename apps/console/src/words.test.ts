import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'

/** Modules of words: those of a language, and those that choose one. */
const FILES = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
  .filter((path) => /\bspoken\(\{|^export const (en|de)\b/m.test(sourceOf(path)))

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

function sourceOf(path: string): string {
  return readFileSync(join(import.meta.dirname, path), 'utf8')
}

/** All sentences with numbers in them, each said of one. */
async function sentencesOfOne(language: 'en' | 'de'): Promise<string[]> {
  vi.stubGlobal('localStorage', { getItem: () => language })
  vi.stubGlobal('addEventListener', () => undefined)
  vi.stubGlobal('document', { documentElement: { lang: language } })
  const said: string[] = []
  for (const path of FILES) {
    const isOther = new RegExp(`^export const ${language === 'en' ? 'de' : 'en'}\\b`, 'm').test(
      sourceOf(path),
    )
    if (!isOther)
      collect(await import(/* @vite-ignore */ join(import.meta.dirname, path)), path, said)
  }
  return said
}

function collect(value: unknown, where: string, said: string[]): void {
  if (typeof value === 'function') {
    const text = ofOne(value as (...values: number[]) => unknown)
    if (text !== undefined) said.push(`${where}: ${text}`)
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, part] of Object.entries(value)) collect(part, `${where} ${name}`, said)
  }
}

/** What is said of something else than numbers and texts may fail. */
function ofOne(say: (...values: number[]) => unknown): string | undefined {
  try {
    const text: unknown = say(...Array.from({ length: say.length }, () => 1))
    return typeof text === 'string' ? text : undefined
  } catch {
    return undefined
  }
}

/** Words that follow a number and count nothing, as in "Version 1 differs"; and those that are the same of one and of many. */
const NO_PLURAL = {
  en: /\b1 (is|was|has|does|ms|differs|stops|the|answers new)\b/g,
  de: /\b1 (Zeile|Stelle|Fehler|Zeichen)\b/g,
}

test('in English nothing is counted as "1 answers"', async () => {
  const said = await sentencesOfOne('en')
  expect(said.length).toBeGreaterThan(200)
  expect(said.filter((text) => /\b1 [a-z]+s\b/.test(text.replace(NO_PLURAL.en, '')))).toEqual([])
})

test('in German nothing is counted as "1 Antworten"', async () => {
  const said = await sentencesOfOne('de')
  expect(said.length).toBeGreaterThan(200)
  expect(
    said.filter((text) =>
      /\b1 [A-ZÄÖÜ]\p{L}+(e|n|r|s)(?!\p{L})/u.test(text.replace(NO_PLURAL.de, '')),
    ),
  ).toEqual([])
})

test('numbers and times are written in the language of the page: each call names it', () => {
  const unnamed = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.test.ts'))
    .flatMap((path) =>
      [...sourceOf(path).matchAll(/(\btoLocale\w*String|\bnew Intl\.\w+)\(\s*(undefined|\))/g)].map(
        ([call]) => `${path}: ${call}`,
      ),
    )
  expect(unnamed).toEqual([])
})
