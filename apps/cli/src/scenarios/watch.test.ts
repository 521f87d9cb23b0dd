import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { watchSources } from './watch.ts'

test('what is saved while scenarios run has them run again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-watch-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'functions/greet'), { recursive: true })
  using saved = watchSources(folder)
  // Nobody has asked for it yet: the first run takes its time.
  writeFileSync(join(folder, 'functions/greet/index.js'), 'one')
  await saved.next()
  writeFileSync(join(folder, 'functions/greet/index.js'), 'two')
  await saved.next()
})

test('what is no source has nothing run again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-watch-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, '.parley'))
  using saved = watchSources(folder)
  let runs = 0
  const run = saved.next().then(() => (runs += 1))
  writeFileSync(join(folder, '.parley/notes.json'), '{}')
  writeFileSync(join(folder, 'report.xml'), '<a/>')
  expect(runs).toBe(0)
  writeFileSync(join(folder, 'one.scenario.yaml'), 'name: a')
  await run
  expect(runs).toBe(1)
})
