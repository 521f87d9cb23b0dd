import { call, type Session } from '@parley/client'
import {
  changeUser,
  createFunction,
  createSkill,
  deleteFunction,
  deleteSkill,
  deployFunction,
  listUsers,
  type SourceLanguage,
  undeployFunction,
} from '@parley/contract'
import { MADE_BY_DEMO } from './leftovers.ts'

/** Things on the server that are there while the demo runs. Disposing removes them, the newest first. */
export interface DemoThings extends AsyncDisposable {
  addSkill(name: string): Promise<string>
  /** Lends the skills to the user of this login: a skill that is removed leaves its users. */
  lendSkills(loginName: string, skillIds: readonly string[]): Promise<void>
  deployFunction(draft: {
    name: string
    eventId: string
    skills: string[]
    code: string
    language?: SourceLanguage
  }): Promise<string>
}

export function openDemoThings(session: Session): DemoThings {
  const made = new AsyncDisposableStack()
  return {
    async addSkill(name) {
      const { skillId } = await call(session, createSkill, {
        body: { name, description: MADE_BY_DEMO },
      })
      made.defer(() => call(session, deleteSkill, { params: { skillId } }))
      return skillId
    },
    async lendSkills(loginName, skillIds) {
      const { users } = await call(session, listUsers)
      const user = users.find((one) => one.loginName === loginName)
      if (!user) throw new Error(`There is no user "${loginName}"`)
      await call(session, changeUser, {
        params: { userId: user.userId },
        body: { skillIds: [...user.skillIds, ...skillIds] },
      })
    },
    async deployFunction(draft) {
      const { functionId } = await call(session, createFunction, {
        body: { ...draft, description: MADE_BY_DEMO },
      })
      const params = { functionId }
      made.defer(() => call(session, deleteFunction, { params }))
      await call(session, deployFunction, { params })
      made.defer(async () => {
        await call(session, undeployFunction, { params })
      })
      return functionId
    },
    [Symbol.asyncDispose]: () => made.disposeAsync(),
  }
}
