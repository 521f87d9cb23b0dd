import { findEvent } from '@parley/contract/events'
import * as z from 'zod'
import { ParleyError } from '#base/kernel'

/** The parts of a JSON schema that schemas of payloads have. */
interface JsonSchema {
  description?: string
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
  const event = eventId === undefined ? undefined : findEvent(eventId)
  if (eventId === undefined || !event) return envelope('any', 'Whatever it is called with')
  const types = known.get(eventId) ?? declare(schemaOf(event.payload), event.description)
  known.set(eventId, types)
  return types
}

/**
 * What a function of the event gets as its payload, and what it may return, as JSON schemas.
 * @throws ParleyError `not_found` for what is no event
 */
export function eventSchemasOf(eventId: string): { payload: unknown; result: unknown } {
  const event = findEvent(eventId)
  if (!event) throw new ParleyError('not_found', `No event "${eventId}"`)
  const result = z.toJSONSchema(event.result, { io: 'input', unrepresentable: 'any' })
  return { payload: schemaOf(event.payload), result }
}

function envelope(payload: string, about: string): string {
  return `/** What the function gets. */
interface ParleyInput {
/** When it was called, in milliseconds since 1970 */
timestamp: number
headers: { key: string; value: string }[]
${comment(about)}payload: ${payload}
}
`
}

/** What editors show of a member. */
function comment(text: string | undefined): string {
  return text === undefined ? '' : `/** ${text.replaceAll('*/', '* /')} */ `
}

function declare(payload: JsonSchema, about: string): string {
  const interfaces: string[] = []
  const type = typeOf(payload, 'Payload', interfaces)
  return `${interfaces.join('\n')}\n${envelope(type, about)}`
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
  // Each on a line of its own: only there is a comment that of the member.
  interfaces.push(`interface ${name} {\n${membersOf(schema, name, interfaces).join('\n')}\n}`)
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
    const isOptional = !required?.includes(key)
    return `${comment(schema.description)}${nameOf(key)}${isOptional ? '?' : ''}: ${type}`
  })
  return isOpen ? [...members, '[more: string]: any'] : members
}

/** Names stay names: editors complete them with a point. */
function nameOf(key: string): string {
  return /^[a-z_$][\w$]*$/i.test(key) ? key : JSON.stringify(key)
}

/** Keys of payloads are names; what is none in TypeScript is left out of the interface's name. */
function capitalized(key: string): string {
  const letters = key.replaceAll(/\W/g, '')
  return letters.slice(0, 1).toUpperCase() + letters.slice(1)
}
