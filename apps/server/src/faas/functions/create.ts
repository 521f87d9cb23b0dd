import type { AccountLimits, FunctionDetail, FunctionDraft } from '@parley/contract'
import { findEvent, likelyEventId } from '@parley/contract/events'
import { lockAccount } from '#base/kit'
import { invalid, ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import type { Actor } from '#faas/function-config'
import { compileOrRefuse } from '#faas/source'
import { ownSample, toDetail } from './describe.ts'
import { countFunctions, type FunctionRow, insertFunction, insertVersion } from './repository.ts'
import type { FunctionsDeps } from './deps.ts'
import { checkDraftConfig, namedSkills, nameTaken } from './validate-draft.ts'

export async function createFunction(
  deps: FunctionsDeps,
  accountId: string,
  actor: Actor,
  draft: FunctionDraft,
): Promise<FunctionDetail> {
  const limits = await deps.functionConfig.limitsOf(accountId)
  if (draft.eventId !== undefined && !findEvent(draft.eventId)) {
    const { eventId } = draft
    const meant = likelyEventId(eventId)
    if (meant === undefined) throw invalid('body.eventId', `there is no event "${eventId}"`)
    throw invalid('body.eventId', `there is no event "${eventId}"; did you mean "${meant}"?`)
  }
  checkDraftConfig(draft, draft.eventId, limits)
  const { compiled, warnings } = await compileOrRefuse(deps.compiler, accountId, draft.code, {
    types: true,
    eventId: draft.eventId,
    language: draft.language,
    maxCharacters: limits.codeCharacters,
  })

  const at = new Date(deps.clock.now())
  const row: FunctionRow = {
    accountId,
    functionId: deps.ids.uuid(),
    name: draft.name,
    description: draft.description,
    eventId: draft.eventId ?? null,
    skills: draft.skills,
    samplePayload: ownSample(draft.eventId ?? null, draft.samplePayload),
    state: 'Draft',
    version: 1,
    liveDeploymentId: null,
    liveVersion: null,
    size: Buffer.byteLength(draft.code),
    createdAt: at,
    createdBy: actor,
    updatedAt: at,
    updatedBy: actor,
  }
  const version = {
    accountId,
    functionId: row.functionId,
    version: 1,
    description: draft.description,
    code: draft.code,
    language: compiled.language,
    compiled: compiled.javascript === draft.code ? null : compiled.javascript,
    sourceMap: compiled.sourceMap ?? null,
    delivers: compiled.delivers,
    warnings,
    dependencies: draft.dependencies,
    environment: draft.environment,
    restoredFrom: null,
    createdAt: at,
    createdBy: actor,
  }
  const insert = async (tx: Db) => {
    await checkRoomFor(tx, accountId, limits)
    await deps.accounts.skills.holdNamed(tx, accountId, namedSkills(draft.skills))
    if (!(await insertFunction(tx, row))) {
      throw nameTaken(draft.name)
    }
    await insertVersion(tx, version)
    await deps.functionConfig.activities.record(tx, accountId, actor, {
      topic: 'function',
      activity: 'Lambda Create',
      description: `Lambda ${draft.name} created`,
      functionId: row.functionId,
      toVersion: 1,
    })
  }
  await deps.changing.run(accountId, () => deps.store.transaction(insert))
  return toDetail(row, version)
}

async function checkRoomFor(tx: Db, accountId: string, limits: AccountLimits): Promise<void> {
  await lockAccount(tx, accountId)
  const { total } = await countFunctions(tx, accountId)
  if (total < limits.functions) return
  throw new ParleyError(
    'function_limit_reached',
    `The account may have ${limits.functions} functions, it has ${total}`,
  )
}
