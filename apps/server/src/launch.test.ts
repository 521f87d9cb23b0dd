import { spawn, spawnSync } from 'node:child_process'
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const SERVER = dirname(import.meta.dirname)
const ROOT = join(SERVER, '../..')

/** A project with its own `main.ts`, and this launcher. */
function givenProject(): string {
  const root = mkdtempSync(join(tmpdir(), 'parley-launch-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const folder of ['apps/server/src', 'packages/contract/src', 'packages/toolbelt/src']) {
    mkdirSync(join(root, folder), { recursive: true })
  }
  for (const file of ['package-lock.json', 'packages/contract/package.json']) {
    writeFileSync(join(root, file), '{}')
  }
  cpSync(join(SERVER, 'package.json'), join(root, 'apps/server/package.json'))
  const source = join(root, 'apps/server/src')
  for (const name of ['launch.ts', 'find-built.ts', 'build-program.ts']) {
    cpSync(join(import.meta.dirname, name), join(source, name))
  }
  symlinkSync(join(import.meta.dirname, 'base'), join(source, 'base'))
  mkdirSync(join(root, 'node_modules'))
  writeMain(root, 'console.log("one")')
  return root
}

function writeMain(root: string, text: string): void {
  writeFileSync(join(root, 'apps/server/src/main.ts'), text)
}

function launch(root: string) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'apps/server/src/launch.ts')],
    { encoding: 'utf8' },
  )
  return { status, stdout, stderr }
}

function builtFiles(root: string): string[] {
  return globSync('node_modules/.cache/server/*/main.mjs', { cwd: root })
}

test('the server is put together once, and anew when a source has changed', () => {
  const root = givenProject()
  const one = { status: 0, stdout: 'one\n', stderr: '' }

  expect(launch(root)).toEqual(one)
  const [file = ''] = builtFiles(root)
  expect(statSync(join(root, dirname(file))).mode & 0o777).toBe(0o755)
  writeFileSync(join(root, file), `${readFileSync(join(root, file), 'utf8')}\nconsole.log('kept')`)
  expect(launch(root)).toEqual({ ...one, stdout: 'one\nkept\n' })
  // A test changes nothing of it.
  writeFileSync(join(root, 'apps/server/src/main.test.ts'), '')
  expect(launch(root)).toEqual({ ...one, stdout: 'one\nkept\n' })

  writeMain(root, 'import { two } from "./two.ts"\nconsole.log(two)')
  writeFileSync(join(root, 'apps/server/src/two.ts'), 'export const two: string = "two"')
  expect(launch(root)).toEqual({ ...one, stdout: 'two\n' })
  writeFileSync(join(root, 'apps/server/src/two.ts'), 'export const two: string = "three"')
  expect(launch(root)).toEqual({ ...one, stdout: 'three\n' })
  expect(builtFiles(root)).toHaveLength(2)
})

test('a build stays as long as a process runs it, which loads parts of it late', async () => {
  const root = givenProject()
  const source = join(root, 'apps/server/src')
  writeFileSync(join(source, 'late.ts'), 'export const late = "late"')
  writeMain(
    root,
    `process.stdin.once('data', async () => {
      console.log((await import('./late.ts')).late)
      process.exit()
    })
    console.log('up')`,
  )
  const child = spawn(process.execPath, [join(source, 'launch.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let stdout = ''
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()))
  await expect.poll(() => stdout).toBe('up\n')

  for (const word of ['two', 'three', 'four']) {
    writeMain(root, `console.log("${word}")`)
    expect(launch(root)).toEqual({ status: 0, stdout: `${word}\n`, stderr: '' })
  }
  child.stdin.write('now')

  await expect.poll(() => stdout).toBe('up\nlate\n')
  await expect.poll(() => child.exitCode).toBe(0)
  writeMain(root, 'console.log("last")')
  launch(root)
  expect(builtFiles(root)).toHaveLength(2)
})

test('it knows where its sources are, and stacks name them, wherever the packages are', () => {
  const root = givenProject()
  rmSync(join(root, 'node_modules'), { recursive: true })
  symlinkSync(join(givenProject(), 'node_modules'), join(root, 'node_modules'))
  writeMain(
    root,
    'import { fail } from "./inner/fail.ts"\nconsole.log(import.meta.url)\ntry {\n  fail()\n} catch (error) {\n  console.log((error as Error).stack)\n}',
  )
  const inner = join(root, 'apps/server/src/inner')
  mkdirSync(inner)
  writeFileSync(
    join(inner, 'fail.ts'),
    'const words: string[] = []\n\nexport function fail(): void {\n  throw new Error(import.meta.dirname)\n}',
  )

  const { status, stdout } = launch(root)

  expect(status).toBe(0)
  expect(stdout).toContain(join(root, 'apps/server/src/main.ts'))
  expect(stdout).toContain(`Error: ${inner}\n`)
  expect(stdout).toContain(`at fail (${join(inner, 'fail.ts')}:4:`)
  expect(stdout).toContain(`${join(root, 'apps/server/src/main.ts')}:4:`)
})

test('where it cannot be put together the sources run, and the reason is said', () => {
  const root = givenProject()
  writeFileSync(join(root, 'node_modules/.cache'), 'a file')

  const { status, stdout, stderr } = launch(root)

  expect({ status, stdout }).toEqual({ status: 0, stdout: 'one\n' })
  expect(stderr).toMatch(/^Parley runs from its sources, which start slower: ENOTDIR: .*\n$/)
})

test('a start that is refused loads a small part, and in no part is anything but what makes it anew', () => {
  const loaded = mkdtempSync(join(tmpdir(), 'parley-loaded-'))
  onTestFinished(() => rmSync(loaded, { recursive: true, force: true }))
  const list = join(loaded, 'list')
  const watch = `import { registerHooks } from 'node:module'
import { appendFileSync } from 'node:fs'
registerHooks({ load(url, context, next) { appendFileSync(${JSON.stringify(list)}, url + '\\n'); return next(url, context) } })`
  const { stderr } = spawnSync(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(watch)}`,
      join(import.meta.dirname, 'start.mjs'),
    ],
    // oxlint-disable-next-line node/no-process-env -- the child needs PATH and the like
    { env: { ...process.env, PARLEY_PORT: 'none' }, encoding: 'utf8' },
  )
  expect(stderr).toContain('PARLEY_PORT=none')
  const files = readFileSync(list, 'utf8')
    .split('\n')
    .filter((url) => url.startsWith('file:'))
    .map((url) => fileURLToPath(url))
  const parts = files.filter((file) => file.includes('/.cache/server/'))
  const others = files.filter((file) => !parts.includes(file)).map((file) => basename(file))
  expect(others).toEqual(['start.mjs', 'pinned-node.mjs', 'launch.ts', 'find-built.ts'])

  const folder = dirname(parts[0] ?? '')
  const bytesOf = (names: readonly string[]) =>
    names.reduce((sum, name) => sum + statSync(join(folder, basename(name))).size, 0)
  const all = globSync('*.mjs', { cwd: folder })
  expect(bytesOf(parts)).toBeLessThan(bytesOf(all) / 4)

  const places = all.flatMap((name) => {
    const { sources } = JSON.parse(readFileSync(join(folder, `${name}.map`), 'utf8')) as {
      sources: string[]
    }
    return sources.map((source) => join(folder, source).replace(`${ROOT}/`, ''))
  })
  expect(places.length).toBeGreaterThan(1_000)
  expect(
    places.filter(
      (place) =>
        !/^(node_modules|apps\/server\/src|packages\/(contract|toolbelt)\/src)\//.test(place),
    ),
  ).toEqual(['apps/server/package.json'])
})
