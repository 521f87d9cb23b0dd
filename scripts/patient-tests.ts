import { stripTypeScriptTypes } from 'node:module'
import {
  type CallExpression,
  type Expression,
  type ImportDeclaration,
  type Node,
  type ObjectExpression,
  parse,
  type Property,
} from 'acorn'
import { full } from 'acorn-walk'

/**
 * Tests that read the time although machines are of any speed, and why a slow one makes none of them fail. All others wait for
 * a condition by `expect.poll`, or compare what `anchoredMs` or `anchoredCpuMs` of `#testing` says with a number.
 */
export const READS_TIME: Record<string, string> = {
  'apps/server/src/base/delivery/backlog.test.ts performance.now':
    'more looks are allowed for the longer it takes',
  'apps/server/src/base/http/every-schema.test.ts process.threadCpuUsage':
    'only tells what is measured again with an anchor',
  'apps/server/src/base/kit/secret-mask.test.ts process.cpuUsage':
    'a hundred times what it takes, of the CPU',
  'apps/server/src/bots/connectors/half-a-minute.test.ts performance.now': 'at least so long',
  'apps/server/src/faas/replay-jobs/many-runs.test.ts performance.now': 'is printed only',
  'apps/server/src/faas/sandbox/limits.test.ts performance.now': 'at least so long',
  'apps/server/src/server/context/door-attacks-on-functions.fixture.ts performance.now':
    'what comes back meanwhile is allowed for',
  'apps/server/src/server/context/doors.test.ts performance.now':
    'what comes back meanwhile is allowed for',
  'apps/server/src/wire/messaging/sockets/floods.test.ts performance.now':
    'what comes back meanwhile is allowed for',
  'apps/server/testing/anchored.ts performance.now': 'is the anchor',
  'apps/server/testing/anchored.ts process.threadCpuUsage': 'is the anchor',
  'apps/server/testing/testing.test.ts performance.now': 'compared with what was measured inside',
  'e2e/toolbelt/openssl-server.fixture.ts AbortSignal.timeout': 'ends only what hangs',
  'packages/contract/src/settings/unknown-settings.test.ts process.threadCpuUsage':
    'forty times what it takes, of the CPU',
}

/** As in vitest.config.ts: a shorter one fails on a slow machine, and these are long enough for all but a few. */
const TEST_MS = 300_000
const POLL_MS = 120_000

const TESTS = /^(test|it|describe|beforeAll|afterAll|beforeEach|afterEach)(\.|\(|$)/
const CLOCKS = new Set([
  'performance.now',
  'process.cpuUsage',
  'process.hrtime',
  'process.hrtime.bigint',
  'process.threadCpuUsage',
])
const OTHER_WAITS = new Set(['AbortSignal.timeout', 'vi.waitFor', 'vi.waitUntil'])

/**
 * What makes a test depend on how fast its machine is: time-outs of its own that are short, durations that it measures, HTTP servers that end
 * connections for want of requests, and `.all()` of a locator, which takes what a page shows at that moment, be it nothing yet.
 */
export function hastyPlaces(text: string): string[] {
  const program = parse(stripTypeScriptTypes(text), {
    ecmaVersion: 'latest',
    sourceType: 'module',
  })
  const servers = new Set(program.body.flatMap(httpServersOf))
  const found = new Set<string>()
  full(program, (node) => {
    if (isSinceStart(node)) found.add('Date.now')
    if (node.type !== 'CallExpression') return
    const call = node as CallExpression
    const name = nameOf(call.callee)
    if (servers.has(name) && !isPatient(call.arguments[0])) found.add(name)
    if (CLOCKS.has(name) || OTHER_WAITS.has(name)) found.add(name)
    if (name.endsWith('.all') && call.arguments.length === 0) found.add('.all() of a locator')
    if (TESTS.test(name) && timeOuts(call).some((ms) => ms <= TEST_MS)) found.add(`${name} timeout`)
    if (name === 'expect.poll' && timeOuts(call).some((ms) => ms <= POLL_MS)) {
      found.add(`${name} timeout`)
    }
  })
  return [...found].toSorted()
}

/** By which names an import makes HTTP servers. */
function httpServersOf(node: Node): string[] {
  if (node.type !== 'ImportDeclaration') return []
  const { source, specifiers } = node as ImportDeclaration
  if (!/^node:https?$/.test(String(source.value))) return []
  return specifiers
    .filter((one) => one.type === 'ImportSpecifier')
    .filter(({ imported }) => imported.type === 'Identifier' && imported.name === 'createServer')
    .map(({ local }) => local.name)
}

/** `PATIENT_SERVER`, or `{ ...PATIENT_SERVER, … }`. */
function isPatient(options: Node | undefined): boolean {
  if (options?.type === 'Identifier') return nameOf(options) === 'PATIENT_SERVER'
  if (options?.type !== 'ObjectExpression') return false
  return (options as ObjectExpression).properties.some(
    (one) => one.type === 'SpreadElement' && isPatient(one.argument),
  )
}

/** `Date.now() - beganAt`, but not `Date.now() - HOUR_MS`. */
function isSinceStart(node: Node): boolean {
  if (node.type !== 'BinaryExpression') return false
  const { left, operator, right } = node as Node &
    Record<'left' | 'right', Expression> & {
      operator: string
    }
  if (operator !== '-' || left.type !== 'CallExpression') return false
  return (
    nameOf(left.callee) === 'Date.now' && right.type === 'Identifier' && !/^[A-Z]/.test(right.name)
  )
}

/** Those that are given as a number or as `{ timeout }`. */
function timeOuts(call: CallExpression): number[] {
  return call.arguments.flatMap((argument) => {
    if (argument.type !== 'ObjectExpression') return numberOf(argument)
    const options = argument.properties.filter((one): one is Property => one.type === 'Property')
    return options
      .filter(({ key }) => key.type === 'Identifier' && key.name === 'timeout')
      .flatMap(({ value }) => numberOf(value))
  })
}

function numberOf(node: Node): number[] {
  const { value } = node as { value?: unknown }
  return node.type === 'Literal' && typeof value === 'number' ? [value] : []
}

/** `test.each` of `test.each([…])('…', …)`. */
function nameOf(callee: Node): string {
  if (callee.type === 'Identifier') return (callee as Node & { name: string }).name
  if (callee.type === 'CallExpression') return nameOf((callee as CallExpression).callee)
  if (callee.type !== 'MemberExpression') return ''
  const { object, property } = callee as Node & Record<'object' | 'property', Node>
  return `${nameOf(object)}.${nameOf(property)}`
}
