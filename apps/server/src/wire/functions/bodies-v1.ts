import * as z from 'zod'
import { FunctionName, type KeyValue, SamplePayload, StorableText } from '@parley/contract'

const Pair = z.object({ key: StorableText, value: StorableText })

const Implementation = z.looseObject({
  code: z.string(),
  dependencies: z.array(Pair).optional(),
  environmentVariables: z.array(Pair).optional(),
})

const EventId = z.string().nullish()
const Description = StorableText.min(1, 'must not be empty').max(5_000)

/** What `lpf push` sends for a new function. Members that are not named here are ignored. */
export const NewLambda = z.looseObject({
  name: FunctionName,
  description: Description,
  eventId: EventId,
  skills: z.array(z.string()).optional(),
  samplePayload: SamplePayload.optional(),
  implementation: Implementation,
})

/** What `lpf push` sends for an existing function. Absent members keep their values. */
export const ChangedLambda = z.looseObject({
  version: z.int().optional(),
  name: z.string().optional(),
  description: Description.optional(),
  eventId: EventId,
  skills: z.array(z.string()).optional(),
  samplePayload: SamplePayload.optional(),
  implementation: Implementation.partial().optional(),
})

/** Published clients send one pair of empty strings for "no variables". */
export function withoutEmptyPairs(pairs: readonly KeyValue[]): KeyValue[] {
  return pairs.filter(({ key, value }) => key !== '' || value !== '')
}
