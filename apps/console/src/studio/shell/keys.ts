import { storage } from '../../storage.ts'
import type { RailPage } from './pages.ts'

/** The pages that a letter after `g` leads to. */
export const PAGE_OF: Readonly<Record<string, RailPage['label']>> = {
  h: 'home',
  f: 'functions',
  e: 'events',
  c: 'conversations',
  r: 'runs',
  l: 'logs',
  s: 'schedules',
  m: 'metrics',
  d: 'delivery',
  a: 'audit',
}

/** The letter that leads to a page. */
export const LETTER_OF: ReadonlyMap<RailPage['label'], string> = new Map(
  Object.entries(PAGE_OF).map(([letter, label]) => [label, letter]),
)

const KEY = 'parley.letters'

/** Who speaks to the computer, or types by accident, may switch keys of one letter off (WCAG 2.1.4). */
export const letters = {
  areOn: (): boolean => storage.read(KEY) !== 'off',
  switch: (areOn: boolean): boolean => storage.keep(KEY, areOn ? 'on' : 'off'),
}
