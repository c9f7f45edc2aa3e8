import { useEffect, useState } from 'preact/hooks'

const narrow = window.matchMedia('(max-width: 700px)')

/** Says whether everything stands in one column, as the styles have it. */
export function useNarrow(): boolean {
  const [isNarrow, setNarrow] = useState(narrow.matches)
  useEffect(() => {
    const changed = (): void => setNarrow(narrow.matches)
    narrow.addEventListener('change', changed)
    return () => narrow.removeEventListener('change', changed)
  }, [])
  return isNarrow
}
