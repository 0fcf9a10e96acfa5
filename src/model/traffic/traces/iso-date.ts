import { MICROSECONDS_PER_MILLISECOND, MICROSECONDS_PER_MINUTE } from '../../../kernel/time.ts'

/** ISO 8601 with its zone: without one a time would depend on where the simulation runs. */
const ISO_8601 =
  /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/
const DIGITS_OF_MICROSECONDS = 6
const MINUTES_PER_HOUR = 60

/**
 * Microseconds since 1970. NaN for a day or an hour that does not exist; null for what is not
 * written as a date. Engines agree on `Date.parse` only for a whole second that exists: some make
 * 2 March of 30 February, and none keeps microseconds.
 */
export function dateUs(text: string): number | null {
  const match = ISO_8601.exec(text)
  if (match === null) return null
  const [, day, minute, second = '00', fraction = '', sign, zoneHours = '0', zoneMinutes = '0'] =
    match
  const written = `${day}T${minute}:${second}`
  const atMs = Date.parse(`${written}Z`)
  if (Number.isNaN(atMs) || !new Date(atMs).toISOString().startsWith(written)) return Number.NaN
  const zone = Number(zoneHours) * MINUTES_PER_HOUR + Number(zoneMinutes)
  return (
    atMs * MICROSECONDS_PER_MILLISECOND +
    Number(fraction.slice(0, DIGITS_OF_MICROSECONDS).padEnd(DIGITS_OF_MICROSECONDS, '0')) -
    (sign === '-' ? -zone : zone) * MICROSECONDS_PER_MINUTE
  )
}
