import { messaging } from '@parley/contract'
import type * as z from 'zod'
import { checkText, fieldName, parseJson, parsePublished, withoutNulls } from '#base/input'
import { messageOf, ParleyError } from '#base/kernel'

const MAX_FRAME_BYTES = 262_144

export type Request = Omit<messaging.RequestFrame, 'body'> & { body: unknown }

/** A frame that is no request. `reqId` is its id where it has one, so that it can be answered. */
export class BadFrame extends Error {
  override name = 'BadFrame'
  readonly reqId: unknown

  constructor(message: string, reqId?: unknown) {
    super(message)
    this.reqId = reqId
  }
}

/** @throws BadFrame naming what is wrong with the frame */
export function parseFrame(text: string): Request {
  if (text.length > MAX_FRAME_BYTES) throw new BadFrame('The frame is too large')
  let frame: unknown
  try {
    frame = parseJson(text, 'frame')
  } catch (error) {
    throw new BadFrame(messageOf(error))
  }
  return readRequest(frame)
}

/** @throws BadFrame naming what is wrong with the request */
export function readRequest(frame: unknown): Request {
  try {
    checkText(frame, 'frame')
  } catch (error) {
    throw new BadFrame(messageOf(error), idOf(frame))
  }
  const parsed = messaging.RequestFrame.safeParse(withoutNulls(frame))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new BadFrame(`${fieldName(issue?.path ?? []) || 'frame'}: ${issue?.message}`, idOf(frame))
  }
  return { ...parsed.data, body: parsed.data.body }
}

function idOf(frame: unknown): unknown {
  if (typeof frame !== 'object' || frame === null || !('id' in frame)) return undefined
  return typeof frame.id === 'string' || typeof frame.id === 'number' ? frame.id : undefined
}

export function responseFrame(
  reqId: unknown,
  { code = 200, type, body }: { code?: number; type: string; body: unknown },
): string {
  return JSON.stringify({ kind: 'resp', reqId, code, type, body })
}

export function notificationFrame(type: string, body: unknown): string {
  return JSON.stringify({ kind: 'notification', type, body })
}

/**
 * Parses the body of a request by its schema, or what is `within` it. One element may stand for a list of it.
 * @throws ParleyError `invalid_request` naming up to three members that are wrong
 */
export function parseBody<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  within: readonly string[] = [],
): z.output<Schema> {
  return parsePart(schema, body ?? {}, ['body', ...within])
}

/**
 * Parses what a client has sent there. One element may stand for a list of it.
 * @throws ParleyError `invalid_request` naming up to three members that are wrong
 */
export function parsePart<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  place: readonly string[],
): z.output<Schema> {
  const parsed = parsePublished(schema, value, { lists: true })
  if (parsed.success) return parsed.data
  const words = parsed.error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${fieldName([...place, ...path])}: ${message.slice(0, 500)}`)
  throw new ParleyError('invalid_request', words.join('; '))
}

/** What a request says besides its body, for bots and the history. */
export function metadataOf({ metadata }: Request): z.infer<typeof messaging.Metadata> | undefined {
  return metadata === undefined ? undefined : parsePart(messaging.Metadata, metadata, ['metadata'])
}
