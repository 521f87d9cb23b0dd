import { findEvent } from '@parley/contract/events'
import { z } from 'zod'

/** The parts of a JSON schema that schemas of payloads have. */
interface JsonSchema {
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: boolean | JsonSchema
  items?: JsonSchema
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
}

const known = new Map<string, string>()

/** What a function of the event gets, as TypeScript; any payload without an event. */
export function inputTypeOf(eventId: string | undefined): string {
  const payload = eventId === undefined ? undefined : findEvent(eventId)?.payload
  if (eventId === undefined || !payload) return envelope('any')
  const type = known.get(eventId) ?? envelope(typeOf(schemaOf(payload)))
  known.set(eventId, type)
  return type
}

function envelope(payload: string): string {
  return `{ timestamp: number; headers: { key: string; value: string }[]; payload: ${payload} }`
}

function schemaOf(payload: z.ZodType): JsonSchema {
  return z.toJSONSchema(payload, { io: 'output', unrepresentable: 'any' }) as JsonSchema
}

function typeOf(schema: JsonSchema): string {
  const { type, items, anyOf = schema.oneOf } = schema
  if ('const' in schema) return JSON.stringify(schema.const)
  if (schema.enum) return either(schema.enum.map((value) => JSON.stringify(value)))
  if (anyOf) return either(anyOf.map(typeOf))
  if (Array.isArray(type)) return either(type.map((one) => typeOf({ ...schema, type: one })))
  if (type === 'array') return `(${items ? typeOf(items) : 'any'})[]`
  if (type === 'object') return objectTypeOf(schema)
  if (type === 'integer') return 'number'
  return type ?? 'any'
}

function objectTypeOf({ properties, required, additionalProperties }: JsonSchema): string {
  const isOpen = additionalProperties !== undefined && additionalProperties !== false
  const members = Object.entries(properties ?? {}).map(
    ([name, schema]) =>
      `${JSON.stringify(name)}${required?.includes(name) ? '' : '?'}: ${typeOf(schema)}`,
  )
  return `{ ${[...members, ...(isOpen ? ['[more: string]: any'] : [])].join('; ')} }`
}

function either(types: string[]): string {
  return types.join(' | ')
}
