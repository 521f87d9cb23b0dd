import * as z from 'zod'

export const USERS_PATH = '/$accountId/users'
export const SKILLS_PATH = '/$accountId/skills'
export const WELCOME_PATH = '/$accountId/welcome'
export const INVITATION_PATH = '/set-password/$accountId'
export const USER_VIEWS = ['people', 'roles'] as const
export const USER_STATES = ['enabled', 'disabled', 'bot'] as const

// What somebody has typed into the address is no reason for an error: a wrong value counts as none.
const text = z.string().optional().catch(undefined)
const from = z.number().int().positive().optional().catch(undefined)

export const UsersSearch = z.object({
  view: z.enum(USER_VIEWS).optional().catch(undefined),
  name: text,
  /** The list of roles belongs to the page, which is loaded when it is opened. */
  role: text,
  skill: text,
  state: z.enum(USER_STATES).optional().catch(undefined),
  from,
})
export type UsersSearch = z.infer<typeof UsersSearch>

export const SkillsSearch = z.object({
  name: text,
  /** The skill whose hours are shown; the account's when absent. */
  hours: text,
  from,
})

export const WelcomeSearch = z.object({
  step: text,
})
