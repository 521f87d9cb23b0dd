import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { countInstalled, matchesLock, missingPlatformPackages } from './installed.mjs'
import { fits, unsupported } from './platform.mjs'
import { prepare } from './prepare.fixture.ts'

const debian = { os: 'linux', cpu: 'x64', libc: 'glibc' }
const zod = { version: '4.6.7', integrity: 'sha512-a' }
const deno = {
  version: '2.9.6',
  integrity: 'sha512-b',
  optional: true,
  os: ['linux'],
  cpu: ['x64'],
  libc: ['glibc'],
}
const denoOnMac = { ...deno, os: ['darwin'], libc: undefined }

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'parley-prepare-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(path: string, content: object) {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(content))
}

function givenLock(packages: object) {
  write('package-lock.json', { packages: { '': {}, ...packages } })
}

function givenInstalled(packages: object) {
  write('node_modules/.package-lock.json', { packages })
  for (const path of Object.keys(packages)) write(`${path}/package.json`, {})
}

test('an install that holds what the lockfile asks of this platform is left alone', () => {
  givenLock({
    'node_modules/zod': zod,
    'node_modules/deno-x': deno,
    'node_modules/deno-mac': denoOnMac,
  })
  givenInstalled({ 'node_modules/zod': zod, 'node_modules/deno-x': deno })

  expect(matchesLock(root, debian)).toBe(true)
})

test('nothing installed, another version, a leftover and a lost folder each ask for an install', () => {
  givenLock({ 'node_modules/zod': zod, 'node_modules/deno-x': deno })
  expect(matchesLock(root, debian)).toBe(false)

  givenInstalled({ 'node_modules/zod': { ...zod, version: '4.0.0' }, 'node_modules/deno-x': deno })
  expect(matchesLock(root, debian)).toBe(false)

  givenInstalled({ 'node_modules/zod': zod, 'node_modules/deno-x': deno, 'node_modules/old': zod })
  expect(matchesLock(root, debian)).toBe(false)

  givenInstalled({ 'node_modules/zod': zod, 'node_modules/deno-x': deno })
  rmSync(join(root, 'node_modules/deno-x'), { recursive: true })
  expect(matchesLock(root, debian)).toBe(false)
})

test('a platform package that npm left out is named', () => {
  givenLock({ 'node_modules/zod': zod, 'node_modules/@deno/linux-x64-glibc': deno })
  givenInstalled({ 'node_modules/zod': zod })

  expect(missingPlatformPackages(root, debian)).toEqual(['@deno/linux-x64-glibc 2.9.6'])
})

test('packages are matched to platforms as npm does it', () => {
  expect(fits({ os: 'linux', cpu: 'x64' }, debian)).toBe(true)
  expect(fits({ os: ['!win32'] }, debian)).toBe(true)
  expect(fits({ os: ['!linux'] }, debian)).toBe(false)
  expect(fits({ os: ['linux'], libc: ['musl'] }, debian)).toBe(false)
})

test('systems that Parley does not run on are told why', () => {
  expect(unsupported(debian, '20.20.2')).toBeUndefined()
  expect(unsupported({ ...debian, libc: 'musl' }, '26.10.0')).toMatch(/musl \(Alpine\)/)
  expect(unsupported({ os: 'win32', cpu: 'x64' }, '26.10.0')).toMatch(/WSL/)
  expect(unsupported({ os: 'darwin', cpu: 'arm64' }, '24.6.0')).toMatch(/24\.7 or newer/)
  expect(unsupported({ os: 'darwin', cpu: 'arm64' }, '24.7.0')).toBeUndefined()
})

test('running needs none of the tools of developers, but they may be there', () => {
  const vitest = { version: '5.1.0', integrity: 'sha512-c', dev: true }
  givenLock({ 'node_modules/zod': zod, 'node_modules/vitest': vitest })
  givenInstalled({ 'node_modules/zod': zod })
  expect(matchesLock(root, debian, { withTools: false })).toBe(true)
  expect(matchesLock(root, debian)).toBe(false)
  expect(countInstalled(root, debian, { withTools: false })).toEqual({ done: 1, total: 1 })
  expect(countInstalled(root, debian, { withTools: true })).toEqual({ done: 1, total: 2 })

  givenInstalled({ 'node_modules/zod': zod, 'node_modules/vitest': vitest })
  expect(matchesLock(root, debian, { withTools: false })).toBe(true)
  expect(matchesLock(root, debian)).toBe(true)
})

test('without a way to the packages the first start says so, why, and how to go on', async () => {
  const env = { npm_config_registry: 'http://127.0.0.1:1/' }
  const { status, stderr } = await prepare(root, { env })

  expect(status).toBe(1)
  expect(stderr).toContain('127.0.0.1:1 cannot be reached (ECONNREFUSED)')
  expect(stderr).toContain('then run the same command again')
  expect(stderr).not.toMatch(/npm error|^ +at /m)
})

test('a Node that is too old is named, with the ways to another', async () => {
  const older =
    'Object.defineProperty(process,"versions",{value:{...process.versions,node:"18.19.0"}})'
  const { status, stderr } = await prepare(root, {
    words: ['--import', `data:text/javascript,${older}`],
  })

  expect(status).toBe(1)
  expect(stderr).toMatch(/this is Node 18\.19\.0, but Node 20 or newer is needed/)
  expect(stderr).toMatch(/nodejs\.org.*nvm install/)
})
