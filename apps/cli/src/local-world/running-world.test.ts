import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  announceElsewhere,
  announceWorld,
  findRunningWorld,
  refuseSecondWorld,
} from './running-world.ts'

test('a world that another user has announced is not taken for that of the project', ({ skip }) => {
  if (process.getuid?.() !== 0) return skip('only root gives files away')
  const project = mkdtempSync(join(tmpdir(), 'parley-project-'))
  onTestFinished(() => rmSync(project, { recursive: true }))
  const dataDir = join(project, '.parley')
  mkdirSync(dataDir)
  const endpoint = { url: 'http://127.0.0.1:4800', accountId: '1' }
  using _ = announceWorld(dataDir, endpoint)
  const file = join(dataDir, 'world.json')
  chmodSync(file, 0o644)
  chownSync(file, 65_534, 65_534)

  expect(findRunningWorld(project)).toBeUndefined()

  chownSync(file, 0, 0)
  expect(findRunningWorld(project)).toEqual({ ...endpoint, dataDir })
})

test('a world whose data are elsewhere is found from its project, beside one of the project itself, and leaves nothing there', () => {
  const project = mkdtempSync(join(tmpdir(), 'parley-project-'))
  onTestFinished(() => rmSync(project, { recursive: true }))
  const home = join(project, '.parley')
  const endpoint = { url: 'http://127.0.0.1:4800', accountId: '1' }
  const elsewhere = { ...endpoint, dataDir: '/elsewhere' }
  {
    using _ = announceElsewhere(project, elsewhere)
    expect(findRunningWorld(join(project, 'functions'))).toEqual(elsewhere)
    {
      using __ = announceWorld(home, endpoint)
      expect(findRunningWorld(project)).toEqual({ ...endpoint, dataDir: home })
    }
    expect(findRunningWorld(project)).toEqual(elsewhere)
  }
  expect(existsSync(home)).toBe(false)
  mkdirSync(home)
  {
    using _ = announceElsewhere(project, elsewhere)
    // Nothing runs on the data of the project.
    refuseSecondWorld(home)
  }
  expect(existsSync(home)).toBe(true)
})

test('the world of a process that was killed is not taken for that of a later process with its id', () => {
  const project = mkdtempSync(join(tmpdir(), 'parley-project-'))
  onTestFinished(() => rmSync(project, { recursive: true }))
  const dataDir = join(project, '.parley')
  mkdirSync(dataDir)
  const endpoint = { url: 'http://127.0.0.1:4800', accountId: '1' }
  const file = join(dataDir, 'world.json')
  {
    using _ = announceWorld(dataDir, endpoint)
    expect(findRunningWorld(project)).toEqual({ ...endpoint, dataDir })
    const left = JSON.parse(readFileSync(file, 'utf8')) as object
    writeFileSync(file, JSON.stringify({ ...left, pid: process.ppid }))
    expect(findRunningWorld(project)).toBeUndefined()
  }
  expect(findRunningWorld(project)).toBeUndefined()
})
