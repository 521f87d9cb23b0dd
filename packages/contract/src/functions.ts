import * as z from 'zod'
import type { RouteSpec } from './route.ts'
import { AskedId, Instant, listOf, RowNumber, StorableText, Uuid } from './text.ts'

/** What has become of a function's newest version, as published (`spec/platform.md` 2). */
export const FUNCTION_STATES = [
  'Draft',
  'Productive',
  'Modified',
  'Marked Undeployed',
  'Build Error',
  'Deploy Error',
] as const
/** One of `FUNCTION_STATES`. */
export const FunctionState = z.enum(FUNCTION_STATES)
export type FunctionState = z.infer<typeof FunctionState>

/** 1 to 64 word characters, unique in its account (`spec/platform.md` 1). */
export const FunctionName = StorableText.regex(/^\w{1,64}$/, 'must be 1 to 64 of A-Z, a-z, 0-9, _')

/** The language of a function's source. */
export const SourceLanguage = z.enum(['javascript', 'typescript'])
export type SourceLanguage = z.infer<typeof SourceLanguage>

/** What is wrong, or worth a second look, at one place of a function's source. */
export const SourceProblem = z.object({
  rule: z.enum([
    'syntax',
    'entry-point',
    'forbidden-eval',
    'too-long',
    'unstorable-text',
    'unused-callback',
    'type',
  ]),
  message: z.string(),
  line: z.int().positive().optional(),
  /** The first column is 1. */
  column: z.int().positive().optional(),
})
export type SourceProblem = z.infer<typeof SourceProblem>

/** An environment variable, or a dependency with its version. */
export const KeyValue = z.object({ key: StorableText, value: StorableText })
export type KeyValue = z.infer<typeof KeyValue>

/** What the editor invokes the function with: the envelope without its timestamp. */
export const SamplePayload = z.looseObject({
  headers: z.array(z.unknown()).optional(),
  payload: z.unknown(),
})

/** A function without its source, for lists. */
export const FunctionSummary = z.object({
  functionId: Uuid,
  name: z.string(),
  description: z.string(),
  /** Absent for a function without event. */
  eventId: z.string().optional(),
  /** Empty means all skills. One that was deleted is `deleted-` and its id. */
  skills: z.array(z.string()),
  state: FunctionState,
  version: z.int().positive(),
  /** What events and callers invoke now. */
  liveVersion: z.int().positive().optional(),
  liveDeploymentId: Uuid.optional(),
  size: z.int().nonnegative(),
  createdAt: Instant,
  createdBy: z.string(),
  updatedAt: Instant,
  updatedBy: z.string(),
})
export type FunctionSummary = z.infer<typeof FunctionSummary>

/** A function with its newest version. */
export const FunctionDetail = FunctionSummary.extend({
  code: z.string(),
  language: SourceLanguage,
  dependencies: z.array(KeyValue),
  environment: z.array(KeyValue),
  samplePayload: SamplePayload,
  /** Never a reason to refuse. */
  warnings: z.array(SourceProblem),
})
export type FunctionDetail = z.infer<typeof FunctionDetail>

/** What a new function is made of. Its event can never be changed. */
export const FunctionDraft = z.object({
  name: FunctionName,
  description: StorableText.min(1, 'must not be empty').max(5_000),
  eventId: z.string().min(1).optional(),
  skills: z.array(z.string().min(1)).default([]),
  code: z.string(),
  /** Found out by reading the source when absent. */
  language: SourceLanguage.optional(),
  dependencies: z.array(KeyValue).default([]),
  environment: z.array(KeyValue).default([]),
  samplePayload: SamplePayload.optional(),
})
export type FunctionDraft = z.infer<typeof FunctionDraft>

/** Members that are absent keep their values. */
export const FunctionChange = z.object({
  /** The version that the change was made from; refused when another one was saved meanwhile. */
  version: z.int().optional(),
  /** Callers by id are not touched; published callers by name need the new one. */
  name: FunctionName.optional(),
  /** Only the present one: it cannot be changed. */
  eventId: z.string().nullish(),
  /** Never: what a function was made from cannot be changed. */
  template: z.unknown().optional(),
  description: StorableText.min(1, 'must not be empty').max(5_000).optional(),
  skills: z.array(z.string().min(1)).optional(),
  code: z.string().optional(),
  /** When absent, a function in JavaScript whose new source only TypeScript can read becomes one in TypeScript. */
  language: SourceLanguage.optional(),
  dependencies: z.array(KeyValue).optional(),
  environment: z.array(KeyValue).optional(),
  samplePayload: SamplePayload.optional(),
})
export type FunctionChange = z.infer<typeof FunctionChange>

/** One saved version (`spec/platform.md` 3). Versions are never changed. */
export const FunctionVersionDetail = z.object({
  functionId: Uuid,
  version: z.int().positive(),
  description: z.string(),
  code: z.string(),
  language: SourceLanguage,
  dependencies: z.array(KeyValue),
  environment: z.array(KeyValue),
  restoredFrom: z.int().positive().optional(),
  createdAt: Instant,
  createdBy: z.string(),
})
export type FunctionVersionDetail = z.infer<typeof FunctionVersionDetail>

/** A version without its source, for lists. */
export const FunctionVersionSummary = FunctionVersionDetail.omit({
  code: true,
  environment: true,
  dependencies: true,
})

/** One attempt to make a version the one that is invoked (`spec/platform.md` 3). */
export const DeploymentDetail = z.object({
  deploymentId: Uuid,
  functionId: Uuid,
  /** Readable, such as `stoic_hopper6`. */
  name: z.string(),
  version: z.int().positive(),
  state: z.enum(['Deploy Finish', 'Build Error', 'Deploy Error']),
  error: z.object({ errorCode: z.string(), errorMsg: z.string() }).optional(),
  live: z.boolean(),
  /** The deployment that this one made live again. */
  rollbackOf: Uuid.optional(),
  createdAt: Instant,
  createdBy: z.string(),
  deployedAt: Instant.optional(),
})
export type DeploymentDetail = z.infer<typeof DeploymentDetail>

const InAccount = z.object({ accountId: z.string() })
const OneFunction = InAccount.extend({ functionId: AskedId })
const base = '/api/v1/accounts/:accountId/functions'

export const listFunctions = {
  method: 'GET',
  path: base,
  auth: 'function:read',
  summary: 'Functions of the account, without their source',
  params: InAccount,
  query: z.object({
    name: z.string().optional(),
    eventId: z.string().optional(),
    skillId: z.string().optional(),
    state: listOf(FunctionState),
  }),
  reply: z.object({ functions: z.array(FunctionSummary) }),
} as const satisfies RouteSpec

export const createFunction = {
  method: 'POST',
  path: base,
  auth: 'function:write',
  summary: 'Creates a function as a draft',
  params: InAccount,
  body: FunctionDraft,
  reply: FunctionDetail,
  status: 201,
} as const satisfies RouteSpec

export const getFunction = {
  method: 'GET',
  path: `${base}/:functionId`,
  auth: 'function:source',
  summary: 'One function with its newest source',
  params: OneFunction,
  reply: FunctionDetail,
} as const satisfies RouteSpec

export const updateFunction = {
  method: 'PUT',
  path: `${base}/:functionId`,
  auth: 'function:write',
  summary: 'Saves a new version; the running one is not touched. Skills are in force at once',
  params: OneFunction,
  body: FunctionChange,
  reply: FunctionDetail,
} as const satisfies RouteSpec

export const patchFunction = {
  ...updateFunction,
  method: 'PATCH',
  summary: 'Changes what is named, the name too; the running version is not touched',
} as const satisfies RouteSpec

export const deleteFunction = {
  method: 'DELETE',
  path: `${base}/:functionId`,
  auth: 'function:write',
  summary: 'Deletes a function that is not deployed',
  params: OneFunction,
  status: 204,
} as const satisfies RouteSpec

export const listFunctionVersions = {
  method: 'GET',
  path: `${base}/:functionId/versions`,
  auth: 'function:source',
  summary: 'Every save, newest first',
  params: OneFunction,
  reply: z.object({ versions: z.array(FunctionVersionSummary) }),
} as const satisfies RouteSpec

export const getFunctionVersion = {
  method: 'GET',
  path: `${base}/:functionId/versions/:version`,
  auth: 'function:source',
  summary: 'One version with its source',
  params: OneFunction.extend({ version: RowNumber.positive() }),
  reply: FunctionVersionDetail,
} as const satisfies RouteSpec

export const compareFunctionVersions = {
  method: 'GET',
  path: `${base}/:functionId/comparison`,
  auth: 'function:source',
  summary: 'Two versions beside each other, with the names of the members that differ',
  params: OneFunction,
  query: z.object({
    from: RowNumber.positive(),
    to: RowNumber.positive(),
  }),
  reply: z.object({
    from: FunctionVersionDetail,
    to: FunctionVersionDetail,
    changed: z.array(z.enum(['code', 'description', 'environment', 'dependencies'])),
  }),
} as const satisfies RouteSpec

export const restoreFunctionVersion = {
  method: 'POST',
  path: `${base}/:functionId/versions/:version/restore`,
  auth: 'function:write',
  summary: 'Saves an old version as the newest one; does not deploy',
  params: OneFunction.extend({ version: RowNumber.positive() }),
  reply: FunctionDetail,
} as const satisfies RouteSpec

export const deployFunction = {
  method: 'PUT',
  path: `${base}/:functionId/deployment`,
  auth: 'function:write',
  summary:
    'Makes the newest version the one that is invoked; with a version, only if that is the newest',
  params: OneFunction,
  query: z.object({ version: RowNumber.positive().optional() }),
  reply: DeploymentDetail,
} as const satisfies RouteSpec

export const undeployFunction = {
  method: 'DELETE',
  path: `${base}/:functionId/deployment`,
  auth: 'function:write',
  summary: 'Takes the function out of service and pauses its schedules',
  params: OneFunction,
  reply: FunctionSummary,
} as const satisfies RouteSpec

export const listDeployments = {
  method: 'GET',
  path: `${base}/:functionId/deployments`,
  auth: 'function:source',
  summary: 'Deployments, newest first',
  params: OneFunction,
  reply: z.object({ deployments: z.array(DeploymentDetail) }),
} as const satisfies RouteSpec

export const rollBackFunction = {
  method: 'POST',
  path: `${base}/:functionId/deployments/:deploymentId/rollback`,
  auth: 'function:write',
  summary: 'Makes an earlier deployment live again; no request fails meanwhile',
  params: OneFunction.extend({ deploymentId: AskedId }),
  reply: DeploymentDetail,
} as const satisfies RouteSpec

export const getSourceTypes = {
  method: 'GET',
  path: '/api/v1/accounts/:accountId/source-types',
  auth: 'function:source',
  summary: 'What a source finds around it, declared in TypeScript: its input, the toolbelt',
  params: InAccount,
  query: z.object({
    /** Whose input `ParleyInput` is; any input without it. */
    eventId: z.string().max(100).optional(),
  }),
  reply: z.object({ files: z.array(z.object({ name: z.string(), text: z.string() })) }),
} as const satisfies RouteSpec

export const checkSource = {
  method: 'POST',
  path: '/api/v1/accounts/:accountId/source-checks',
  auth: 'function:source',
  audit: false,
  summary: 'What saving this source would say, without saving it',
  params: InAccount,
  body: z.object({
    code: z.string(),
    language: SourceLanguage.optional(),
    /** Its types are checked against what the event gives. */
    eventId: z.string().max(100).optional(),
  }),
  reply: z.object({
    valid: z.boolean(),
    problems: z.array(SourceProblem),
    warnings: z.array(SourceProblem),
  }),
} as const satisfies RouteSpec

const DELETED = 'deleted-'

/** What a function keeps of its only skill once that is deleted. Ids of skills are numeric: no skill has this one. */
export function deletedSkill(skillId: string): string {
  return `${DELETED}${skillId}`
}

/** The id that a deleted skill had. */
export function formerSkillId(skill: string): string | undefined {
  return skill.startsWith(DELETED) ? skill.slice(DELETED.length) : undefined
}
