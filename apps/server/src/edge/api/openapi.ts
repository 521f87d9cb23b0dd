import type { RouteSpec } from '@parley/contract'
import * as z from 'zod'

const NATIVE = '/api/v1/'

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
  for (const spec of specs) {
    if (!spec.path.startsWith(NATIVE)) continue
    const path = spec.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [spec.method.toLowerCase()]: operationOf(spec) }
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
      schemas: { Error: ERROR },
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

function operationOf(spec: RouteSpec): Operation {
  const status = String(spec.status ?? (spec.reply ? 200 : 204))
  const failure = { $ref: '#/components/schemas/Error' }
  return {
    operationId: `${spec.method.toLowerCase()}${spec.path.replaceAll(/[^\w]+/g, '_')}`,
    ...(spec.summary !== undefined && { summary: spec.summary }),
    tags: [tagOf(spec.path)],
    security: securityOf(spec),
    parameters: [...parameters(spec.params, 'path'), ...parameters(spec.query, 'query')],
    ...(spec.body && {
      requestBody: { required: true, content: json(schemaOf(spec.body, 'input')) },
    }),
    responses: {
      [status]: {
        description: 'Done',
        ...(spec.reply && { content: json(schemaOf(spec.reply, 'output')) }),
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

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query'): object[] {
  if (!schema) return []
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, object>
    required?: string[]
  }
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

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...described } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return described
}
