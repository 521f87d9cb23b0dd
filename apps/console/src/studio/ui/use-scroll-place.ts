import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'

/** So many places are remembered, the last ones. */
const MAX_PLACES = 200
const places = new Map<string, number>()

/**
 * Back and Forward lead to where a box of that page was scrolled to, every other way to its top.
 * @param name tells the boxes of a page apart
 */
export function useScrollPlace(name: string, find: () => Element | null | undefined): void {
  const { history } = useRouter()
  useEffect(() => {
    const box = find()
    if (!box) return
    const { pathname } = history.location
    const place = () => `${history.location.state.__TSR_key} ${name}`
    const note = () => {
      // The next page may be in the address already.
      if (history.location.pathname === pathname) keep(place(), box.scrollTop)
    }
    box.scrollTo(0, places.get(place()) ?? 0)
    // A filter has an entry of its own in the history.
    const unsubscribe = history.subscribe(note)
    box.addEventListener('scroll', note, { passive: true })
    return () => {
      unsubscribe()
      box.removeEventListener('scroll', note)
    }
  }, [])
}

function keep(place: string, top: number): void {
  places.delete(place)
  places.set(place, top)
  for (const first of places.keys()) {
    if (places.size <= MAX_PLACES) break
    places.delete(first)
  }
}
