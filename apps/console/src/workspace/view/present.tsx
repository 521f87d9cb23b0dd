import type { useNames } from '../../studio/api/use-names.ts'
import { besideWords as t } from '../beside/words.ts'
import type { Talk } from '../desk/state.ts'

interface Props {
  talk: Talk
  names: ReturnType<typeof useNames>
}

/** Who else is there: the agent sees a supervisor come and go, and a supervisor whom it stands beside. */
export function Present({ talk: { others }, names }: Props) {
  return (
    <p className="present" role="status">
      {others.map(({ userId, role }) => (
        <span key={userId} className="chip">
          <bdi>{t.isThere(names.userName(userId), roleName(role))}</bdi>
        </span>
      ))}
    </p>
  )
}

function roleName(role: string): string {
  return Object.entries(t.roles).find(([known]) => known === role)?.[1] ?? role
}
