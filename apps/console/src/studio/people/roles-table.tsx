import {
  type Permission,
  PERMISSIONS,
  PROFILE_PERMISSIONS,
  PROFILES,
  ROLE_PERMISSIONS,
  USER_ROLES,
} from '@parley/contract'
import { Check, Minus } from 'lucide-react'
import { PlainTable } from '../ui/plain-table.tsx'
import { peopleWords as t } from './words.ts'

/** What each role and each bundle of rights allows, as the server decides it. */
export function RolesTable() {
  const columns = [
    ...USER_ROLES.map((id) => ({ head: t.roles[id], rights: ROLE_PERMISSIONS[id] })),
    ...PROFILES.map((id) => ({ head: t.profileNames[id], rights: PROFILE_PERMISSIONS[id] })),
  ]
  return (
    <>
      <p className="faint">{t.rolesIntro}</p>
      <PlainTable
        label={t.views.roles}
        rows={PERMISSIONS}
        keyOf={(right) => right}
        columns={[
          {
            head: t.right,
            cell: (right) => (
              <>
                {t.rights[right]}
                <code className="faint line">{right}</code>
              </>
            ),
          },
          ...columns.map(({ head, rights }) => ({
            head,
            cell: (right: Permission) => <Mark isSet={rights.includes(right)} />,
          })),
        ]}
      />
    </>
  )
}

function Mark({ isSet }: { isSet: boolean }) {
  const Icon = isSet ? Check : Minus
  return (
    <span className={isSet ? 'good' : 'faint'}>
      <Icon role="img" aria-label={isSet ? t.may : t.mayNot} size={16} />
    </span>
  )
}
