import { useLayoutEffect, useState } from 'preact/hooks'

/** Something that changes and says so. */
export interface Store<State> {
  state(): State
  subscribe(listener: () => void): () => void
}

export function useStore<State>(store: Store<State>): State {
  const [state, setState] = useState(store.state())
  // Not after it is drawn: what is typed by then would be missed.
  useLayoutEffect(() => {
    const update = () => setState(() => store.state())
    // It may have changed between the first rendering and now.
    update()
    return store.subscribe(update)
  }, [store])
  return state
}
