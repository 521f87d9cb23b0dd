import { words } from '../words/index.ts'
import { SignIn } from './sign-in.tsx'

interface Props {
  accountId?: string
  proposed?: string | undefined
  onSignedIn?: (accountId: string) => void
}

/** The first page of whoever is not signed in. */
export function SignInPage(props: Props) {
  return (
    <main className="sign-in-page">
      <h1>Parley</h1>
      <p className="faint">{words.signIn.intro}</p>
      <SignIn {...props} />
    </main>
  )
}
