import { expect, test } from 'vitest'
import * as z from 'zod'
import { route } from '#base/http'
import { openTestHttp } from './http.fixture.ts'

test('a broken rule is told in the words of the product, not of its library', async () => {
  const body = z.object({
    id: z.uuid(),
    name: z.string().min(1).max(3),
    code: z.string().length(4),
    tags: z.array(z.string()).min(1).max(2),
    share: z.number().gt(0),
    count: z.int().min(1),
    on: z.boolean(),
    kind: z.enum(['a', 'b']),
    who: z.email(),
    at: z.iso.datetime().optional(),
    day: z.iso.date().optional(),
    bytes: z.base64().optional(),
    version: z.union([z.enum(['newest', 'oldest']), z.object({ number: z.int() })]).optional(),
    text: z
      .union([z.string(), z.record(z.string().max(2, 'must be short'), z.string())])
      .optional(),
    step: z
      .discriminatedUnion('to', [
        z.object({ to: z.literal('skill') }),
        z.object({ to: z.enum(['agent', 'queue']) }),
      ])
      .optional(),
  })
  await using server = await openTestHttp((http) => {
    route(http.app, { method: 'POST', path: '/rules', auth: 'public', body }, () => ({}))
  })
  const told = async (given: z.input<typeof body> | Record<string, unknown>) => {
    const headers = { 'content-type': 'application/json' }
    const sent = { method: 'POST', headers, body: JSON.stringify(given) }
    const reply = await server.fetch('/rules', sent)
    const { error } = (await reply.json()) as { error: { details: { message: string }[] } }
    return error.details.map(({ message }) => message)
  }

  const empty = { id: '', name: '', code: 'x', tags: [], share: 0, count: 0 }
  expect(await told({ ...empty, on: 1, kind: 'c', who: '' })).toEqual([
    'must not be empty',
    'must not be empty',
    'must have exactly 4 characters',
    'must have at least 1 entry',
    'must be more than 0',
    'must be at least 1',
    'must be true or false',
    'must be "a" or "b"',
    'must not be empty',
  ])
  const long = { id: 'x', name: 'long', code: 7, tags: ['', '', ''], share: 'x', count: 1.5 }
  expect(await told({ ...long, on: true, kind: 'a', who: 'x' })).toEqual([
    'must be a UUID',
    'must have at most 3 characters',
    'must be a text',
    'must have at most 2 entries',
    'must be a number',
    'must be a whole number',
    'must be an e-mail address',
  ])
  const good = { id: crypto.randomUUID(), name: 'a', code: 'abcd', tags: [''], share: 1, count: 1 }
  const rest = { at: '2026-11-20', day: 'today', bytes: '%', version: 'old', text: { long: '' } }
  const known = { at: '2026-11-20T10:00:00Z', day: '2026-11-20', bytes: '', text: '' }
  const whole = { ...good, on: true, kind: 'a', who: 'a@example.com', ...rest }
  expect(await told({ ...whole, step: { to: 'bot' } })).toEqual([
    'must be an instant such as 2026-11-20T10:00:00Z',
    'must be a date such as 2026-11-20',
    'must be base64',
    'must be "newest" or "oldest" or an object',
    'long: must be short',
    'must be "skill" or "agent" or "queue"',
  ])
  const version = { number: 'one' }
  expect(await told({ ...whole, ...known, version })).toEqual(['number: must be a number'])
})
