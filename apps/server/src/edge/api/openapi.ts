import type { RouteSpec } from '@parley/contract'
import * as z from 'zod'

const NATIVE = '/api/v1/'
const SCHEMAS = '#/components/schemas/'
/** Generators of types stumble over JSON whose parts are JSON again, and it says no more. */
const ANY_JSON = { anyOf: undefined, description: 'Any JSON' }
const TEXT = { schema: { type: 'string' } }

type Schemas = Record<string, object>

interface JsonSchema {
  properties?: Record<string, object>
  required?: string[]
}

interface Operation {
  operationId: string
  summary?: string
  tags: string[]
  security: object[]
  parameters: object[]
  requestBody?: object
  responses: Record<string, object>
}

export interface OpenApi {
  openapi: '3.1.0'
  info: { title: string; version: string; description: string }
  servers?: { url: string }[]
  paths: Record<string, Record<string, Operation>>
  components: object
}

/** The native API as OpenAPI, made from the same contracts that the routes are checked against. */
export function describeApi(specs: readonly RouteSpec[], version: string): OpenApi {
  const paths: OpenApi['paths'] = {}
  const schemas: Schemas = { Error: ERROR }
  for (const spec of specs) {
    if (!spec.path.startsWith(NATIVE)) continue
    const path = spec.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [spec.method.toLowerCase()]: operationOf(spec, schemas) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Parley',
      version,
      description:
        'The native API. Callers send "authorization: Bearer <token>": the token of a user, from POST /api/account/{accountId}/login?v=1.3, or of an application.',
    },
    paths: Object.fromEntries(Object.entries(paths).toSorted(([a], [b]) => a.localeCompare(b))),
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        operator: {
          type: 'http',
          scheme: 'bearer',
          description: 'The key of the setting PARLEY_OPERATOR_KEY',
        },
      },
      schemas,
    },
  }
}

const ERROR = {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        details: {
          type: 'array',
          items: {
            type: 'object',
            properties: { path: { type: 'string' }, message: { type: 'string' } },
          },
        },
      },
      required: ['code', 'message'],
    },
  },
  required: ['error'],
}

function operationOf(spec: RouteSpec, schemas: Schemas): Operation {
  const status = String(spec.status ?? (spec.reply || spec.answers ? 200 : 204))
  const failure = { $ref: `${SCHEMAS}Error` }
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => describe(schema, io, schemas)
  const content = {
    ...(spec.reply && json(schemaOf(spec.reply, 'output'))),
    ...Object.fromEntries(spec.answers?.map((type) => [type, TEXT]) ?? []),
  }
  return {
    operationId: `${spec.method.toLowerCase()}${spec.path.replaceAll(/[^\w]+/g, '_')}`,
    ...(spec.summary !== undefined && { summary: spec.summary }),
    tags: [tagOf(spec.path)],
    security: securityOf(spec),
    parameters: [
      ...parameters(spec.params && schemaOf(spec.params, 'input'), 'path'),
      ...parameters(spec.query && schemaOf(spec.query, 'input'), 'query'),
    ],
    ...(spec.body && {
      requestBody: { required: true, content: json(schemaOf(spec.body, 'input')) },
    }),
    responses: {
      [status]: {
        description: 'Done',
        ...(Object.keys(content).length > 0 && { content }),
      },
      default: { description: 'Refused, with the reason', content: json(failure) },
    },
  }
}

function securityOf({ auth }: RouteSpec): object[] {
  if (auth === 'public') return []
  if (auth === 'operator') return [{ operator: [] }]
  return [{ bearer: auth === 'account' ? [] : [auth] }]
}

/** The word after the account: what the operation is about. */
function tagOf(path: string): string {
  const words = path.slice(NATIVE.length).split('/')
  return (words[0] === 'accounts' ? words[2] : words[0]) ?? 'accounts'
}

function parameters(schema: JsonSchema | undefined, place: 'path' | 'query'): object[] {
  const { properties = {}, required = [] } = schema ?? {}
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }))
}

function json(schema: object): object {
  return { 'application/json': { schema } }
}

/** A schema where it is used. What it names, as JSON whose parts are JSON again, stands among the components, once for all that name the same. */
function describe(schema: z.ZodType, io: 'input' | 'output', schemas: Schemas): JsonSchema {
  const {
    $schema: _,
    $defs = {},
    ...described
  } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      if (zodSchema._zod.def.type === 'lazy') Object.assign(jsonSchema, ANY_JSON)
    },
  })
  let text = JSON.stringify(described)
  for (const [given, shape] of Object.entries($defs)) {
    const own = JSON.stringify(shape)
    const refersTo = (name: string, where: string) =>
      where.replaceAll(`"#/$defs/${given}"`, `"${SCHEMAS}${name}"`)
    const fits = (name: string) => refersTo(name, own) === JSON.stringify(schemas[name])
    const name = Object.keys(schemas).find(fits) ?? `Nested${Object.keys(schemas).length}`
    schemas[name] ??= JSON.parse(refersTo(name, own)) as object
    text = refersTo(name, text)
  }
  return JSON.parse(text) as JsonSchema
}
