import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { areas, mayEnter, modules } from '../oxlint.config.ts'
import { missingEntries } from './complete-lock.ts'
import { BOUNDED_BY, longLived, notPassing } from './long-lived.ts'
import { OWN_JSON } from './own-json.ts'
import { hastyPlaces, READS_TIME } from './patient-tests.ts'
import { SHORT_TEXTS, slowPatterns } from './patterns.ts'
import { arrows, circles, folders, hasIndex, sourceFiles } from './structure.ts'

const root = join(import.meta.dirname, '..')

interface Place {
  at: string
  text: string
  /** The line above. */
  above: string
}

const isComment = (text: string) => /^(\/\/|\/?\*)/.test(text)

/** Lines of code: what oxlint has no rule for is looked for in these. */
function sourceLines(pattern: string): Place[] {
  return globSync(pattern, { cwd: root })
    .filter((file) => !file.includes('node_modules'))
    .flatMap((file) => {
      const lines = readFileSync(join(root, file), 'utf8').split('\n')
      return lines.map((text, index) => ({
        at: `${file}:${index + 1}`,
        text: text.trim(),
        above: (lines[index - 1] ?? '').trim(),
      }))
    })
    .filter(({ text }) => !isComment(text))
}

const server = sourceLines('apps/server/src/**/*.ts')
const productLines = [
  ...server,
  ...sourceLines('apps/cli/src/**/*.ts'),
  ...sourceLines('packages/contract/src/**/*.ts'),
]

function placesOf(lines: Place[], pattern: RegExp) {
  return lines.filter(({ text }) => pattern.test(text)).map(({ at, text }) => `${at} ${text}`)
}

const files = sourceFiles()

/** A list that grows by one file for each thing of its kind is one file of its module. */
const LISTS = /\/(migrations|tables|procedures)\//
const MAX_FILES = 25

test('every row of the table has its folder and its entry, and every folder its row', () => {
  expect(modules.filter((module) => !hasIndex(module))).toEqual([])
  const unknown = files.filter(({ path, module }) => path.includes('/') && !module)
  expect(unknown.map(({ path }) => path)).toEqual([])
  expect(folders().filter((folder) => !folder.includes('/'))).toEqual([])
})

test('an area has no entry of its own', () => {
  expect(Object.keys(areas).filter(hasIndex)).toEqual([])
})

test('every module of the server has its line in ARCHITECTURE.md', () => {
  const described = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')

  expect(modules.filter((module) => !described.includes(`\`${module}\``))).toEqual([])
})

test('the list of all modules has at most 150 lines', () => {
  const list = files.find(({ path }) => path === 'server/context/context.ts')
  expect(list?.text.trimEnd().split('\n').length).toBeLessThanOrEqual(150)
})

test('a module has at most 25 files', () => {
  const counted = new Map<string, number>()
  for (const { path, module } of files) {
    if (module && !LISTS.test(path)) counted.set(module, (counted.get(module) ?? 0) + 1)
  }

  expect([...counted].filter(([, count]) => count > MAX_FILES)).toEqual([])
})

test('a module imports others by their entry, and only those that the table allows', () => {
  const allowed = [...modules, 'config', 'package']
  const deep = files.flatMap(({ path, imports }) =>
    imports
      .filter((name) => name.startsWith('#') && !allowed.includes(name.slice(1)))
      .map((name) => `${path}: ${name}`),
  )
  const forbidden = [...arrows(files)].flatMap(([module, others]) =>
    [...others].filter((other) => !mayEnter(module, other)).map((other) => `${module} > ${other}`),
  )

  expect(deep).toEqual([])
  expect(forbidden).toEqual([])
})

test('an entry shows what its own module defines', () => {
  const lent = files.filter(({ text }) => /^export [^\n]*?from '#/m.test(text))

  expect(lent.map(({ path }) => path)).toEqual([])
})

test('no file imports itself by way of others, types included', () => {
  const others = globSync('{packages,apps}/*/src', { cwd: root }).filter(
    (folder) => folder !== 'apps/server/src',
  )

  expect(circles(files)).toEqual([])
  for (const folder of others) expect(circles(sourceFiles(join(root, folder)))).toEqual([])
})

test('only the kernel reads the time or waits for it', () => {
  const outside = server.filter(
    ({ at }) => !at.startsWith('apps/server/src/base/kernel/') && !at.includes('.test.ts'),
  )

  expect(
    placesOf(outside, /new Date\(\)|globalThis\.set(Timeout|Interval)|\bnode:timers\b/),
  ).toEqual([])
})

test('a pool of connections to the database is opened where the end of one is heard, too', () => {
  const places = globSync('{apps,packages,e2e,bench,scripts}/**/*.{ts,mjs}', { cwd: root })
    .filter((path) => !path.includes('node_modules'))
    .filter((path) => readFileSync(join(root, path), 'utf8').includes('new pg.' + 'Pool('))

  expect(places.toSorted()).toEqual([
    'apps/server/src/base/store/plain-db.fixture.ts',
    'apps/server/src/base/store/pool.ts',
  ])
})

test('a row that others want, too, is locked by lockFirst: who waits for it has no connection in hand', () => {
  const mayWait = /base\/store\/transaction\.ts|(?:test|fixture)\.ts:/
  const places = placesOf(server, /\.for(?:NoKey)?Update\(\)(?!\.skipLocked)/)
  const files = places.filter((place) => !mayWait.test(place)).map((place) => place.split(':')[0])
  const allowed = [
    // While the server starts.
    'apps/server/src/identity/sealing/installation-repository.ts',
    // An erasure is one job, and may wait.
    'apps/server/src/messaging/conversations/repository.ts',
  ]
  expect(files.filter((file) => !allowed.includes(file ?? ''))).toEqual([])
})

test('JSON from outside is read by #base/input, which bounds it first', () => {
  const found = files.filter(({ text }) => text.includes('JSON.parse(')).map(({ path }) => path)

  // Read it by `readJson` or `parseJson` of #base/input, else say in scripts/own-json.ts why that is not needed.
  expect(found.toSorted()).toEqual(Object.keys(OWN_JSON))
})

test('patterns take time in proportion to what they read', () => {
  const found = globSync('{apps/server/src,packages/*/src}/**/*.ts', { cwd: root })
    .filter((path) => !/\.(test|fixture|d)\.ts$/.test(path))
    .flatMap((path) =>
      slowPatterns(readFileSync(join(root, path), 'utf8')).map((pattern) => `${path} ${pattern}`),
    )

  // Write it so that it cannot go back, or say in scripts/patterns.ts why that takes no time.
  expect(found.toSorted()).toEqual(Object.keys(SHORT_TEXTS).toSorted())
})

test('tests pass on a machine of any speed', () => {
  const beside = '{{apps,packages}/*/src,e2e,scripts}/**/*.{test,fixture}.ts'
  const found = globSync([beside, 'apps/server/testing/*.ts'], { cwd: root }).flatMap((path) =>
    hastyPlaces(readFileSync(join(root, path), 'utf8')).map((place) => `${path} ${place}`),
  )

  // Wait for a condition, or measure by `anchoredMs` of #testing; else say in scripts/patient-tests.ts why it cannot fail.
  expect(found.toSorted()).toEqual(Object.keys(READS_TIME).toSorted())
})

test('each bound has two attacks', () => {
  const declarations = files.flatMap(({ text }) => text.split('declareBound({').slice(1))
  const bounds = declarations.map((text) => /^\s+holds: (['"])(.+)\1,$/m.exec(text)?.[2] ?? text)
  const attacks = globSync('apps/server/src/server/context/*attacks*.fixture.ts', { cwd: root })
    .map((path) => readFileSync(join(root, path), 'utf8'))
    .join('')

  // Write them into the table of its kind there, and run `server/context/doors-of-bounds.test.ts`, which makes them.
  expect(bounds.length).toBeGreaterThan(5)
  expect(bounds.filter((holds) => !attacks.includes(holds))).toEqual([])
})

test('what lives as long as the server has a bound, or a reason why it cannot grow', () => {
  const found = longLived(files)
  const listed = Object.keys(BOUNDED_BY)

  // Give it a bound of #base/bounds if clients make it grow, else a line in scripts/long-lived.ts.
  expect(found.filter((place) => !listed.includes(place))).toEqual([])
  expect(listed.filter((place) => !found.includes(place))).toEqual([])
})

test('no loop goes over names with `in`', () => {
  // V8 14 finds nothing out about `members[name]` in such a loop, gives its compiled code up at members of a new shape, and compiles it again, without end. Take `Object.keys`.
  expect(placesOf(productLines, /\bfor \((const|let|var) \w+ in /)).toEqual([])
})

test('nothing asks for the name of a class, which is another one where two files have the same', () => {
  const asking = files.filter(({ text }) => /\bconstructor\.name\b/.test(text))
  expect(asking.map(({ path }) => path)).toEqual([])
})

test('what lives as long as the server and loses entries is no map or set of the language', () => {
  // Make it a PassingMap or PassingSet of #base/kernel: those of the language may keep what was deleted from them.
  expect(notPassing(files)).toEqual([])
})

test('zod is imported as a namespace, of which bundles leave out what they do not use', () => {
  expect(placesOf(productLines, /^import (type )?\{.*\bz\b.*\} from 'zod'/)).toEqual([])
})

test('functions are exported as functions', () => {
  expect(placesOf(productLines, /^export const \w+ = (async )?(\(|<\w+>\(|\w+ =>)/)).toEqual([])
})

test('an error is ignored only under a comment that says why', () => {
  const ignored = /\.catch\(\(\w*\) => (\{\s*\}|undefined|null|void 0)\)|catch (\(\w+\) )?\{\s*\}/
  const product = productLines.filter(({ at }) => !at.includes('.test.ts'))

  expect(
    placesOf(
      product.filter(({ above }) => !isComment(above)),
      ignored,
    ),
  ).toEqual([])
})

test('what is wrong with a member of a request is in the details, too, and refusals of the database are told apart in one place', () => {
  const product = server.filter(({ at }) => !/\.(?:test|contract)\.ts:/.test(at))
  const oneLine = /new ParleyError\('(?:invalid_request|conflict)', [`'](?:\$\{)?[\w.]+\}?: /
  const ofTwo = product.filter(({ above }) => /^'(?:invalid_request|conflict)',$/.test(above))

  // Throw `invalid` or `conflicting` of #base/kernel, and map what a constraint refuses by `mapConstraintErrors`.
  expect(placesOf(product, oneLine)).toEqual([])
  expect(placesOf(ofTwo, /^[`'](?:\$\{)?[\w.]+\}?: /)).toEqual([])
  const outside = product.filter(({ at }) => !at.includes('/base/store/'))
  expect(placesOf(outside, /'(?:22|23|40)(?:\d{3}|P\d\d)'/)).toEqual([])
})

test('no file is called after nothing in particular', () => {
  const vague = /(^|[/-])(manager|helpers?|utils?|data|info|misc|common|handle|process)\.tsx?$/

  expect(
    [...new Set(productLines.map(({ at }) => at.split(':')[0] ?? ''))].filter((file) =>
      vague.test(file),
    ),
  ).toEqual([])
})

/** Words that were given up, and the one that is meant; ARCHITECTURE.md has the glossary. */
const RETIRED: Record<string, string> = {
  surroundings: 'function-config',
  faces: 'side',
  crew: 'pick instance',
  blanks: 'warm pool',
  dispensable: 'eviction candidate',
  occasion: 'trigger',
  withhold: 'recordSkipped',
  doubt: 'recheck',
  stranger: 'unauthenticated',
  bury: 'moveToDeadLetters',
  keepable: 'recorded details',
  news: 'ConversationUpdate',
}

test('no word that was given up comes back', () => {
  const product = server.filter(({ at }) => !/\.test\.ts|\.fixture\.ts|\/migrations\//.test(at))
  const found = product.flatMap(({ at, text }) =>
    wordsOf(text)
      .filter((word) => Object.hasOwn(RETIRED, word))
      .map((word) => `${at} ${word}: ${RETIRED[word]}`),
  )

  expect(found).toEqual([])
  expect(
    productLines.filter(({ text }) => /\b(MOST|LONGEST|LARGEST)_|\b[A-Z]\w*Room\b/.test(text)),
  ).toEqual([])
})

function wordsOf(text: string): string[] {
  return text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
}

test('a program imports what its own package names: who runs it has no tools of developers', () => {
  const unnamed = globSync('{apps,packages}/*/package.json', { cwd: root }).flatMap((file) => {
    const folder = dirname(file)
    const { name, dependencies = {} } = JSON.parse(readFileSync(join(root, file), 'utf8')) as {
      name: string
      dependencies?: Record<string, string>
    }
    const known = [name, ...Object.keys(dependencies)]
    return sourceFiles(join(root, folder, 'src')).flatMap(({ path, imports }) =>
      imports
        .filter((imported) => /^(?!node:)[@\w]/.test(imported))
        .filter((imported) => !known.some((one) => `${imported}/`.startsWith(`${one}/`)))
        .map((imported) => `${folder}/src/${path}: ${imported}`),
    )
  })
  expect(unnamed).toEqual([])
})

test('the lockfile holds the packages of every platform, and no address to fetch them from', () => {
  const text = readFileSync(join(root, 'package-lock.json'), 'utf8')

  expect(missingEntries(JSON.parse(text).packages)).toEqual({})
  expect(text).not.toMatch(/"resolved": "\w+:/)
})
