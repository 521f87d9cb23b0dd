import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestSandbox, type TestSandbox } from './test-sandbox.fixture.ts'

let box: TestSandbox
beforeAll(async () => {
  box = await openTestSandbox()
})
afterAll(() => box[Symbol.asyncDispose]())

/** Runs the statements of an async function with `fs` and its promises. */
async function value(statements: string, payload?: unknown): Promise<unknown> {
  const outcome = await box.run(
    `const fs = require('fs'), promises = require('node:fs/promises'), { pipeline } = require('stream/promises')
    const lambda = async ({ payload }) => { ${statements} }`,
    { payload, version: { delivers: 'return' } },
  )
  expect(outcome).toMatchObject({ ok: true })
  return outcome.value
}

test('files are written and read in all three forms', async () => {
  const read = await value(`
    fs.mkdirSync('/tmp/a/b', { recursive: true })
    fs.writeFileSync('/tmp/a/b/one.txt', 'one')
    await promises.appendFile('/tmp/a/b/one.txt', ' two')
    await new Promise((resolve, reject) =>
      fs.appendFile('/tmp/a/b/one.txt', ' three', (error) => error ? reject(error) : resolve()))
    await pipeline(fs.createReadStream('/tmp/a/b/one.txt'), fs.createWriteStream('/tmp/two.txt'))
    fs.writeFileSync('relative.txt', '')
    const { readFile } = fs.promises
    return [await readFile('/tmp/two.txt', 'utf8'), fs.readdirSync(require('os').tmpdir()), fs.statSync('/tmp/two.txt').size]`)
  expect(read).toEqual(['one two three', ['a', 'relative.txt', 'two.txt'], 13])
})

test('a missing file is ENOENT, as everywhere', async () => {
  const code = `try { fs.readFileSync('/tmp/none') } catch (error) { return [error.code, error.message] }`
  expect(await value(code)).toEqual([
    'ENOENT',
    "ENOENT: no such file or directory, open '/tmp/none'",
  ])
})

const OUTSIDE = 'EACCES: a function has files in memory only, under /tmp'

test.each([
  ['read', `fs.readFileSync('/etc/passwd')`],
  ['a promise', `await promises.readFile('/proc/self/environ')`],
  [
    'a callback',
    `await new Promise((resolve, reject) => fs.stat('/etc', (error) => error ? reject(error) : resolve()))`,
  ],
  ['dots', `fs.readFileSync('/tmp/../../etc/passwd')`],
  ['a URL', `fs.readFileSync(new URL('file:///etc/passwd'))`],
  ['bytes as path', `fs.readFileSync(Buffer.from('/etc/passwd'))`],
  ['a symbolic link', `fs.symlinkSync('/etc', '/tmp/link'); fs.readdirSync('/tmp/link')`],
  ['a stream', `for await (const _ of fs.createReadStream('/etc/passwd'));`],
  ['write', `fs.writeFileSync('/data', 'x')`],
  ['make', `fs.mkdirSync('/data/x', { recursive: true })`],
  ['copy', `fs.writeFileSync('/tmp/a', ''); fs.cpSync('/tmp/a', '/srv/a')`],
  ['move', `fs.renameSync('/tmp', '/data')`],
  ['remove', `fs.rmSync('/tmp', { recursive: true })`],
])('what is not under /tmp is refused in words: %s', async (_what, statement) => {
  const told = await value(`try { ${statement} } catch (error) { return error.message }`)
  expect(told).toMatch(OUTSIDE)
})

test('nothing of the machine exists', async () => {
  const seen = await value(`
    return [fs.existsSync('/etc/passwd'), fs.readdirSync('/'), fs.globSync('**/*', { cwd: '/' }).length > 0]`)
  expect(seen).toEqual([false, ['tmp'], true])
})

test('calls of one instance share the files; another function has files of its own', async () => {
  const count = `function lambda(i, cb) {
    const fs = require('fs')
    fs.appendFileSync('/tmp/calls', 'x')
    cb(null, fs.readFileSync('/tmp/calls', 'utf8'))
  }`
  expect((await box.run(count)).value).toBe('x')
  expect((await box.run(count)).value).toBe('xx')
  expect((await box.run(`${count} // another`)).value).toBe('x')
})

test('files count in the memory of the instance, which dies alone', async () => {
  const fill = `function lambda(i, cb) {
    if (i.payload === 'ok') return cb(null, require('fs').existsSync('/tmp/0'))
    const fs = require('fs'); for (let n = 0; ; n += 1) fs.writeFileSync('/tmp/' + n, Buffer.alloc(1 << 22, 1))
  }`
  expect(await box.run(fill)).toMatchObject({ ok: false, failure: 'runtime-exception' })
  expect(await box.run(fill, { payload: 'ok' })).toMatchObject({ value: false })
})

test('a module that needs files, processes or sockets is refused with what there is', async () => {
  const { value: told } = await box.run(
    `function lambda(i, cb) { try { require('child_process') } catch (error) { cb(null, error.message) } }`,
  )
  expect(told).toContain("Cannot find module 'child_process'. Available are: lp-faas-toolbelt")
  expect(told).toContain('fs, fs/promises')
})
