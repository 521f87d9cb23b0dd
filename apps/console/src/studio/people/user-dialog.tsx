import {
  changeUser,
  createUser,
  DEFAULT_PROFILES,
  getUser,
  type Profile,
  PROFILES_OF_ROLE,
  type User,
  USER_ROLES,
  type UserRole,
} from '@parley/contract'
import { useState } from 'react'
import { changedOf, listOver } from '../api/changed.ts'
import { ask } from '../api/server.ts'
import { useSkills } from '../api/use-names.ts'
import { Amount } from '../ui/amount.tsx'
import { CheckBox } from '../ui/check-box.tsx'
import { Checks } from '../ui/checks.tsx'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { UnlessUnread } from '../ui/unless-unread.tsx'
import { useDialogMutation } from '../ui/use-dialog-mutation.ts'
import { operateWords } from '../words/operate.ts'
import { RightsOf } from './rights-of.tsx'
import { peopleWords as t } from './words.ts'

interface Props {
  accountId: string
  /** Absent for a new one. */
  user: User | undefined
  /** @param said what has been done, if anything; `isToInvite` somebody who has no password yet */
  onClose: (said: string | undefined, isToInvite?: User) => void
}

type Kind = User['kind']

const NEW = {
  loginName: '',
  nickname: '',
  fullName: '',
  email: '',
  kind: 'human' as Kind,
  role: 'agent' as UserRole,
  profiles: [] as readonly Profile[],
  skillIds: [] as readonly string[],
  maxSlots: 10,
}
type Draft = typeof NEW

/** Who a user is, what the user may do, and for which conversations the user is asked. */
export function UserDialog({ accountId, user, onClose }: Props) {
  const { skills, skillsQuery } = useSkills(accountId)
  const [draft, setDraft] = useState<Draft>(() =>
    user ? { ...NEW, ...user, email: user.email ?? '' } : NEW,
  )
  const [password, setPassword] = useState('')
  const change = (part: Partial<Draft>): void => setDraft((old) => ({ ...old, ...part }))
  const save = useDialogMutation({
    mutationFn: () => write(accountId, user, draft, password),
    onDone(made) {
      if (user) return onClose(t.saved(made.nickname))
      const isToInvite = password === '' && made.kind === 'human'
      return onClose(t.created(made.nickname), isToInvite ? made : undefined)
    },
  })
  const profiles = PROFILES_OF_ROLE[draft.role]

  function choose(role: UserRole): void {
    const kept = draft.profiles.filter((one) => PROFILES_OF_ROLE[role].includes(one))
    change({ role, profiles: user ? kept : DEFAULT_PROFILES[role] })
  }
  return (
    <FormDialog
      title={user ? t.edit(user.nickname) : t.newUser}
      submit={operateWords.save}
      error={save.error}
      isPending={save.isPending}
      isWide
      onSubmit={() => save.mutate()}
      onClose={() => onClose(undefined)}
    >
      <div className="user-form">
        <div className="stack">
          <Field
            label={t.loginName}
            member="loginName"
            hint={t.loginHint}
            value={draft.loginName}
            onChange={(loginName) => change({ loginName })}
            pattern="\S+"
            maxLength={255}
            autoComplete="off"
            autoFocus
            isRequired
          />
          <Field
            label={t.nickname}
            member="nickname"
            hint={t.nicknameHint}
            value={draft.nickname}
            onChange={(nickname) => change({ nickname })}
            maxLength={255}
            isRequired={user !== undefined}
          />
          <Field
            label={t.fullName}
            member="fullName"
            value={draft.fullName}
            onChange={(fullName) => change({ fullName })}
            maxLength={255}
            isRequired={user !== undefined}
          />
          <Field
            label={t.email}
            member="email"
            type="email"
            value={draft.email}
            onChange={(email) => change({ email })}
            maxLength={255}
            isRequired={user?.email !== undefined}
          />
          {!user && (
            <>
              <Choice
                label={t.kind}
                value={draft.kind}
                options={(['human', 'bot'] as const).map((id) => ({ id, name: t.kinds[id] }))}
                onChange={(id) => change({ kind: id === 'bot' ? 'bot' : 'human' })}
              />
              <Field
                label={t.password}
                member="password"
                hint={t.passwordHint}
                type="password"
                value={password}
                onChange={setPassword}
                minLength={12}
                maxLength={200}
                autoComplete="new-password"
              />
            </>
          )}
        </div>
        <div className="stack">
          <Choice
            label={t.role}
            value={draft.role}
            options={USER_ROLES.map((id) => ({
              id,
              name: t.roles[id],
              description: t.roleHints[id],
            }))}
            onChange={(id) => choose(USER_ROLES.find((role) => role === id) ?? draft.role)}
          />
          <fieldset className="checks">
            <legend>{t.profiles}</legend>
            {profiles.length === 0 && <p className="faint">{t.noProfiles}</p>}
            {profiles.map((profile) => (
              <CheckBox
                key={profile}
                label={
                  <>
                    {t.profileNames[profile]} <code className="faint">{profile}</code>
                  </>
                }
                isSelected={draft.profiles.includes(profile)}
                onChange={() => change({ profiles: toggled(draft.profiles, profile) })}
              />
            ))}
          </fieldset>
          <RightsOf
            role={draft.role}
            profiles={draft.profiles}
            kept={
              user && draft.role === user.role && draft.profiles === user.profiles
                ? (user.keptPermissions ?? [])
                : []
            }
          />
          <Amount
            label={t.slotsLong}
            member="maxSlots"
            value={draft.maxSlots}
            onChange={(maxSlots) => change({ maxSlots })}
            isRequired
          />
          <UnlessUnread query={skillsQuery}>
            <Checks
              label={t.skills}
              options={skills.map(({ skillId, name }) => ({ id: skillId, name }))}
              value={draft.skillIds}
              onChange={(skillIds) => change({ skillIds })}
              none={t.noSkills}
              member="skillIds"
            />
          </UnlessUnread>
        </div>
      </div>
    </FormDialog>
  )
}

function toggled<Item>(list: readonly Item[], item: Item): Item[] {
  return list.includes(item) ? list.filter((one) => one !== item) : [...list, item]
}

/** Of a user that is there, only what differs: what nobody has touched must not take anything away. */
async function write(
  accountId: string,
  user: User | undefined,
  draft: Draft,
  password: string,
): Promise<User> {
  const [nickname, fullName, email] = [
    draft.nickname.trim(),
    draft.fullName.trim(),
    draft.email.trim(),
  ]
  // What is empty is left to the server.
  const fields = {
    ...(nickname !== '' && { nickname }),
    ...(fullName !== '' && { fullName }),
    ...(email !== '' && { email }),
    loginName: draft.loginName,
    role: draft.role,
    profiles: [...draft.profiles],
    skillIds: [...draft.skillIds],
    maxSlots: draft.maxSlots,
  }
  if (!user) {
    const body = { ...fields, kind: draft.kind, ...(password !== '' && { password }) }
    return await ask(accountId, createUser, { body })
  }
  const params = { userId: user.userId }
  const newest = await ask(accountId, getUser, { params })
  const changed = changedOf(fields, user)
  const { profiles, skillIds, role } = changed
  return await ask(accountId, changeUser, {
    params,
    body: {
      ...changed,
      ...(skillIds && { skillIds: listOver(skillIds, user.skillIds, newest.skillIds, (id) => id) }),
      // Those of another role are chosen anew.
      ...(profiles &&
        role === undefined && {
          profiles: listOver(profiles, user.profiles, newest.profiles, (one) => one),
        }),
    },
  })
}
