import { expect, test } from 'vitest'
import { readConfig } from '../apps/server/src/config.ts'
import { SETTINGS } from '../apps/server/src/settings.ts'
import { reachable, sourceFiles } from './structure.ts'

test('the server that npm start runs holds nothing that opens a debugger', () => {
  const files = sourceFiles()
  const started = reachable(files, 'main.ts')

  expect(started.length).toBeGreaterThan(400)
  expect(started.map(({ path }) => path)).toContain('faas/sandbox/confinement.ts')
  expect(started.filter(({ module }) => module === 'faas/inspector')).toEqual([])
  const opening = /--inspect|node:inspector|inspector\.open|openInspector/
  expect(started.filter(({ text }) => opening.test(text)).map(({ path }) => path)).toEqual([])
  // Types aside, who starts a server hands an inspector on only when it was given one.
  const naming = started.filter(({ text }) => /\binspector\b/.test(text)).map(({ path }) => path)
  expect(naming.toSorted()).toEqual([
    'faas/sandbox/open.ts',
    'faas/sandbox/prepare.ts',
    'server/context/open-base.ts',
    'server/first-steps/take.ts',
  ])
})

test('no setting opens a debugger', () => {
  expect(Object.keys(SETTINGS).filter((name) => /INSPECT|DEBUG/.test(name))).toEqual([])
  expect(() => readConfig({ PARLEY_INSPECT: '9229' })).toThrow('PARLEY_INSPECT: there is no such')
})

test('the program that checks sources loads no other part of the server: it is waited for', () => {
  const loaded = reachable(sourceFiles(), 'faas/source/compiler-program.ts')

  expect(loaded.length).toBeGreaterThan(5)
  expect(loaded.map(({ module }) => module)).toEqual(loaded.map(() => 'faas/source'))
  const packages = loaded.flatMap(({ text }) => [
    ...text.matchAll(/^(?:import (?!type )|\} from )[^'\n]*?'?(?:@parley\/contract|zod)'/gm),
  ])
  expect(packages).toEqual([])
})
