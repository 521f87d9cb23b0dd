import { isCredential, maskForm, maskText, maskValue } from '@parley/toolbelt/masked-names'
import type { RecordedBody, TracePart } from '@parley/toolbelt/protocol'
import * as z from 'zod'
import { beginningOf, parseJson } from '#base/input'
import type { Masked } from '#base/kernel'
import type { SecretMask } from '#base/kit'

// What is read here was stated by a process that runs customer code.

const BOUNDS = { maxValues: 200_000, maxDepth: 120 }
const MAX_LISTED = 1_100
const MAX_CALLS = 200

const Short = z.string().max(600)
const Key = z.string().max(64)
const Body = z.object({
  text: z.string().optional(),
  base64: z.string().optional(),
  bytes: z.number().optional(),
  hash: Key.optional(),
})
const Failed = z.object({ name: Short, message: Short, code: Short.optional() })

const Call = z.object({
  number: z.int().min(0),
  method: z.string().max(40),
  url: z.string().max(16_384),
  key: Key,
  request: Body.optional(),
  status: z.int().optional(),
  statusText: Short.optional(),
  headers: z
    .array(z.tuple([z.string().max(300), z.string().max(3_000)]))
    .max(MAX_CALLS)
    .optional(),
  answer: Body.optional(),
  failed: Failed.optional(),
})

const HostCall = z.object({
  number: z.int().min(0),
  kind: z.string().max(64),
  key: Key,
  args: z.unknown().optional(),
  value: z.unknown().optional(),
  error: z
    .object({ message: z.string().max(4_000), code: z.string().max(256).optional() })
    .optional(),
  bytes: z.number().optional(),
})

const Part = z.object({
  startedAt: z.number().optional(),
  turns: z
    .array(z.tuple([Key, z.number()]))
    .max(MAX_LISTED)
    .optional(),
  reads: z
    .array(z.number())
    .max(4 * MAX_LISTED)
    .optional(),
  calls: z.array(Call).max(MAX_CALLS).optional(),
  hostCalls: z.array(HostCall).max(MAX_CALLS).optional(),
  draws: z
    .array(z.tuple([z.string().max(40), z.string().max(20_000)]))
    .max(MAX_LISTED)
    .optional(),
  over: z.array(Key).max(20).optional(),
  isClean: z.literal(true).optional(),
})

/** What a replay needs beside input and version. All but the names of environment variables is what the function's process states. */
export const Recording = z.object({
  /** `metadata`: only that it ran is kept, and why. */
  kept: z.enum(['whole', 'metadata']),
  reason: z.string().optional(),
  seed: z.string().max(32).optional(),
  bodyBytes: z.number().optional(),
  secrets: z.array(z.string()).default([]),
  environment: z.array(z.string()).default([]),
  startedAt: z.number().optional(),
  turns: z.array(z.tuple([z.string(), z.number()])).default([]),
  reads: z.array(z.number()).default([]),
  calls: z.array(Call).default([]),
  hostCalls: z.array(HostCall).default([]),
  over: z.array(z.string()).default([]),
})
export type Recording = z.infer<typeof Recording>

export type Draws = NonNullable<TracePart['draws']>

/** Joins the parts of a trace; `undefined` when they are none that the harness would send. */
export function joinParts(parts: readonly (Buffer | string)[]): TracePart | undefined {
  const whole: Required<Omit<TracePart, 'startedAt' | 'isClean'>> = {
    turns: [],
    reads: [],
    calls: [],
    hostCalls: [],
    draws: [],
    over: [],
  }
  let startedAt: number | undefined
  let isClean: boolean | undefined
  for (const bytes of parts) {
    const part = readPart(bytes)
    if (!part) return undefined
    startedAt ??= part.startedAt
    isClean ??= part.isClean
    whole.turns.push(...(part.turns ?? []))
    whole.reads.push(...(part.reads ?? []))
    whole.calls.push(...((part.calls ?? []) as typeof whole.calls))
    whole.hostCalls.push(...((part.hostCalls ?? []) as typeof whole.hostCalls))
    whole.draws.push(...(part.draws ?? []))
    whole.over.push(...(part.over ?? []))
  }
  return {
    ...whole,
    ...(startedAt !== undefined && { startedAt }),
    ...(isClean !== undefined && { isClean }),
  }
}

function readPart(bytes: Buffer | string): z.infer<typeof Part> | undefined {
  try {
    const read = Part.safeParse(parseJson(bytes.toString(), 'trace', BOUNDS))
    return read.success ? read.data : undefined
  } catch {
    return undefined
  }
}

const SECRET_CALLS = new Set(['secret.read', 'secret.update'])

/** The recording as it may be stored: credentials are masked again, whatever the process has sent. */
export function maskedRecording(
  trace: Omit<TracePart, 'draws' | 'isClean'>,
  more: Pick<Recording, 'seed' | 'bodyBytes' | 'environment'>,
  mask: SecretMask,
): Masked<Recording> {
  const hostCalls = (trace.hostCalls ?? []).map(({ args, value, ...call }) =>
    SECRET_CALLS.has(call.kind)
      ? { ...call, args }
      : { ...call, args: maskValue(args), ...(value !== undefined && { value: maskValue(value) }) },
  )
  const secrets = hostCalls.flatMap(({ kind, args }) =>
    SECRET_CALLS.has(kind) ? nameIn(args) : [],
  )
  const calls = (trace.calls ?? []).map(({ request, answer, headers, ...call }) => ({
    ...call,
    url: maskForm(call.url),
    ...(request && { request: maskedBody(request) }),
    ...(answer && { answer: maskedBody(answer) }),
    ...(headers && { headers: headers.filter(([name]) => !isCredential(name)) }),
  }))
  const whole = {
    kept: 'whole',
    ...more,
    ...trace,
    calls,
    hostCalls,
    secrets: [...new Set(secrets)],
  }
  return mask.value(withoutEmpty(whole)) as Masked<Recording>
}

/** Most runs have no lists to keep: those that are missing are read as empty. */
function withoutEmpty(recording: object): object {
  const filled = Object.entries(recording).filter(
    ([, value]) => !Array.isArray(value) || value.length > 0,
  )
  return Object.fromEntries(filled)
}

function maskedBody(body: RecordedBody): RecordedBody {
  return body.text === undefined ? body : { ...body, text: maskText(body.text) }
}

function nameIn(args: unknown): string[] {
  const { key } = (args ?? {}) as { key?: unknown }
  return typeof key === 'string' ? [beginningOf(key, 100)] : []
}
