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

/** Declares in TypeScript what a function of the event gets, as `ParleyInput`; any payload without an event. */
export function inputTypesOf(eventId: string | undefined): string {
  const payload = eventId === undefined ? undefined : findEvent(eventId)?.payload
  if (eventId === undefined || !payload) return envelope('any')
  const types = known.get(eventId) ?? declare(schemaOf(payload))
  known.set(eventId, types)
  return types
}

function envelope(payload: string): string {
  return `interface ParleyInput { timestamp: number; headers: { key: string; value: string }[]; payload: ${payload} }\n`
}

function declare(payload: JsonSchema): string {
  const interfaces: string[] = []
  const type = typeOf(payload, 'Payload', interfaces)
  return `${interfaces.join('\n')}\n${envelope(type)}`
}

function schemaOf(payload: z.ZodType): JsonSchema {
  return z.toJSONSchema(payload, { io: 'output', unrepresentable: 'any' }) as JsonSchema
}

/** Objects are interfaces, named after their path: messages about them are short then. */
function typeOf(schema: JsonSchema, name: string, interfaces: string[]): string {
  const { type, items, anyOf = schema.oneOf } = schema
  const eitherOf = (all: JsonSchema[]) =>
    all.map((one, at) => typeOf(one, `${name}${at + 1}`, interfaces)).join(' | ')
  if ('const' in schema) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (anyOf) return eitherOf(anyOf)
  if (Array.isArray(type)) return eitherOf(type.map((one) => ({ ...schema, type: one })))
  if (type === 'array') return `(${items ? typeOf(items, `${name}Item`, interfaces) : 'any'})[]`
  if (type === 'integer') return 'number'
  if (type !== 'object') return type ?? 'any'
  interfaces.push(`interface ${name} { ${membersOf(schema, name, interfaces).join('; ')} }`)
  return name
}

function membersOf(
  { properties, required, additionalProperties }: JsonSchema,
  name: string,
  interfaces: string[],
): string[] {
  const isOpen = additionalProperties !== undefined && additionalProperties !== false
  const members = Object.entries(properties ?? {}).map(([key, schema]) => {
    const type = typeOf(schema, name + capitalized(key), interfaces)
    return `${JSON.stringify(key)}${required?.includes(key) ? '' : '?'}: ${type}`
  })
  return isOpen ? [...members, '[more: string]: any'] : members
}

/** Keys of payloads are names; what is none in TypeScript is left out of the interface's name. */
function capitalized(key: string): string {
  const letters = key.replaceAll(/\W/g, '')
  return letters.slice(0, 1).toUpperCase() + letters.slice(1)
}
