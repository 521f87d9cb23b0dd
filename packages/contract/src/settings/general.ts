import * as z from 'zod'
import { TimeZone } from '../time-zone.ts'
import { StorableText } from '../text.ts'
import type { SettingsGroup } from './group.ts'

/** What the first administrator of an account is led through, in this order. */
export const SET_UP_STEPS = ['password', 'name', 'skills', 'hours'] as const
export type SetUpStep = (typeof SET_UP_STEPS)[number]

export const general = {
  purpose: 'Switches, dialect, time zone and language',
  read: 'account:read',
  write: 'account:write',
  schema: z.object({
    /** What people call the account; empty for its id alone. */
    accountName: StorableText.trim().max(100).default(''),
    /** Which steps of the first set-up are done. */
    setUpDone: z.array(z.enum(SET_UP_STEPS)).max(SET_UP_STEPS.length).default([]),
    functionsEnabled: z.boolean().default(true),
    controllerBotEnabled: z.boolean().default(true),
    /** Refuses to deploy a source with problems of its types; saving one warns of them. */
    typesCheckedAtDeployment: z.boolean().default(false),
    transferToAgentEnabled: z.boolean().default(true),
    /** Which hosts the service look-up answers. They decide which dialect published functions clients speak. */
    dialect: z.enum(['v1', 'v2']).default('v1'),
    /** Of times in transcripts, of the days of survey results, and of schedules that name none. */
    timeZone: TimeZone.default('UTC'),
    /** Of mails that Parley writes: German, or English for any other. */
    language: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language such as en-US')
      .default('en-US'),
  }),
} as const satisfies SettingsGroup
