/**
 * Workload W1 written by hand as one function with everything in local variables: what a
 * programmer would write who needs this one model and nothing else. It is the yardstick for the
 * engine, so it does the same work (Poisson arrivals, lognormal service, most recently used
 * environment first, expiry after 600 s idle, a cap, counters, mean concurrency, a latency
 * histogram, a row of metrics a minute) and shares no code with it.
 */

export interface PlainLoopOptions {
  readonly arrivalRatePerSecond: number
  readonly meanServiceMs: number
  readonly cap: number
  readonly arrivals: number
  readonly seed: number
  /** Stop there, before all arrivals. */
  readonly untilSeconds?: number
}

export interface PlainLoopResult {
  readonly invocations: number
  readonly throttles: number
  readonly coldStarts: number
  readonly meanConcurrency: number
  readonly rows: number
  /** So that no part of the work can be left out by the compiler. */
  readonly checksum: number
}

const BLOCK = 256
const SERVICE_SIGMA = 0.5
const COLD_MEAN_US = 300_000
const COLD_SIGMA = 0.4
const IDLE_TIMEOUT_US = 600_000_000
const PERIOD_US = 60_000_000

export function runPlainLoop(options: PlainLoopOptions): PlainLoopResult {
  const { arrivalRatePerSecond, meanServiceMs, cap, arrivals, seed } = options
  const endUs = (options.untilSeconds ?? Number.POSITIVE_INFINITY) * 1_000_000
  const gapUs = 1_000_000 / arrivalRatePerSecond
  const serviceMu = Math.log(meanServiceMs * 1_000) - (SERVICE_SIGMA * SERVICE_SIGMA) / 2
  const coldMu = Math.log(COLD_MEAN_US) - (COLD_SIGMA * COLD_SIGMA) / 2

  // sfc32 in locals.
  let a = seed | 0
  let b = (seed * 0x9e3779b9) | 0
  let c = 0x243f6a88
  let counter = 1
  const gaps = new Float64Array(BLOCK)
  const services = new Float64Array(BLOCK)
  let cursor = BLOCK

  // Binary heap of completions: time, sequence, environment.
  let heapSize = 0
  let capacity = 1024
  let times = new Float64Array(capacity)
  let sequences = new Float64Array(capacity)
  let environments = new Int32Array(capacity)
  let durations = new Float64Array(capacity)
  let sequence = 0

  // Idle environments, oldest at the bottom.
  const idle: number[] = []
  const idleSince: number[] = []
  let bottom = 0
  let nextEnvironment = 0

  let busy = 0
  let invocations = 0
  let throttles = 0
  let coldStarts = 0
  let area = 0
  let totalArea = 0
  let lastUs = 0
  let peak = 0
  let rows = 0
  let checksum = 0
  let nextRowUs = PERIOD_US
  const bits = new Float64Array(1)
  const words = new Int32Array(bits.buffer)
  const histogram = new Float64Array(64 * 128)
  const total = new Float64Array(64 * 128)

  let nowUs = 0
  let arrivalUs = 0
  let exactUs = 0
  let drawn = 0

  const nextUniform = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return ((sum >>> 0) + 0.5) / 4294967296
  }
  const fillBlocks = (): void => {
    for (let index = 0; index < BLOCK; index++) gaps[index] = -Math.log(nextUniform()) * gapUs
    for (let index = 0; index < BLOCK; index += 2) {
      const radius = Math.sqrt(-2 * Math.log(nextUniform()))
      const angle = 2 * Math.PI * nextUniform()
      services[index] = Math.exp(serviceMu + SERVICE_SIGMA * radius * Math.cos(angle))
      services[index + 1] = Math.exp(serviceMu + SERVICE_SIGMA * radius * Math.sin(angle))
    }
    cursor = 0
  }
  const row = (untilUs: number): void => {
    let seen = 0
    const count = histogram.reduce((sum, value) => sum + value, 0)
    for (let index = 0; index < histogram.length; index++) {
      seen += histogram[index]!
      if (seen >= 0.99 * count) {
        checksum += index
        break
      }
    }
    for (let index = 0; index < histogram.length; index++) total[index]! += histogram[index]!
    histogram.fill(0)
    area += busy * (untilUs - lastUs)
    lastUs = untilUs
    totalArea += area
    checksum += area + peak
    area = 0
    peak = busy
    rows++
  }

  for (;;) {
    if (cursor === BLOCK) fillBlocks()
    exactUs += gaps[cursor]!
    arrivalUs = Math.round(exactUs)
    const serviceUs = services[cursor++]!
    if (drawn++ === arrivals || arrivalUs >= endUs) break

    while (heapSize > 0 && times[0]! <= arrivalUs) {
      nowUs = times[0]!
      while (nowUs >= nextRowUs) {
        row(nextRowUs)
        nextRowUs += PERIOD_US
      }
      const environment = environments[0]!
      const durationUs = durations[0]!
      const last = --heapSize
      const lastTime = times[last]!
      const lastSequence = sequences[last]!
      const lastEnvironment = environments[last]!
      const lastDuration = durations[last]!
      let position = 0
      for (;;) {
        let child = 2 * position + 1
        if (child >= last) break
        if (
          child + 1 < last &&
          (times[child + 1]! < times[child]! ||
            (times[child + 1]! === times[child]! && sequences[child + 1]! < sequences[child]!))
        ) {
          child++
        }
        const childTime = times[child]!
        if (lastTime < childTime || (lastTime === childTime && lastSequence < sequences[child]!)) {
          break
        }
        times[position] = childTime
        sequences[position] = sequences[child]!
        environments[position] = environments[child]!
        durations[position] = durations[child]!
        position = child
      }
      times[position] = lastTime
      sequences[position] = lastSequence
      environments[position] = lastEnvironment
      durations[position] = lastDuration

      area += busy * (nowUs - lastUs)
      lastUs = nowUs
      busy--
      bits[0] = durationUs + 1
      histogram[(words[1]! >>> 13) - 130_944]! += 1
      idle.push(environment)
      idleSince.push(nowUs)
    }
    nowUs = arrivalUs
    while (nowUs >= nextRowUs) {
      row(nextRowUs)
      nextRowUs += PERIOD_US
    }
    while (bottom < idle.length && nowUs - idleSince[bottom]! >= IDLE_TIMEOUT_US) bottom++
    if (busy >= cap) {
      throttles++
      continue
    }
    area += busy * (nowUs - lastUs)
    lastUs = nowUs
    busy++
    if (busy > peak) peak = busy
    invocations++
    let environment: number
    let durationUs = serviceUs
    if (idle.length > bottom) {
      environment = idle.pop()!
      idleSince.pop()
    } else {
      if (bottom > 0) {
        idle.length = 0
        idleSince.length = 0
        bottom = 0
      }
      coldStarts++
      environment = nextEnvironment++
      const normal = Math.sqrt(-2 * Math.log(nextUniform())) * Math.cos(2 * Math.PI * nextUniform())
      durationUs += Math.exp(coldMu + COLD_SIGMA * normal)
    }
    const completionUs = Math.round(nowUs + durationUs)
    if (heapSize === capacity) {
      capacity *= 2
      const grownTimes = new Float64Array(capacity)
      grownTimes.set(times)
      times = grownTimes
      const grownSequences = new Float64Array(capacity)
      grownSequences.set(sequences)
      sequences = grownSequences
      const grownEnvironments = new Int32Array(capacity)
      grownEnvironments.set(environments)
      environments = grownEnvironments
      const grownDurations = new Float64Array(capacity)
      grownDurations.set(durations)
      durations = grownDurations
    }
    const key = sequence++
    let position = heapSize++
    while (position > 0) {
      const parent = (position - 1) >> 1
      if (
        times[parent]! < completionUs ||
        (times[parent]! === completionUs && sequences[parent]! < key)
      )
        break
      times[position] = times[parent]!
      sequences[position] = sequences[parent]!
      environments[position] = environments[parent]!
      durations[position] = durations[parent]!
      position = parent
    }
    times[position] = completionUs
    sequences[position] = key
    environments[position] = environment
    durations[position] = durationUs
  }
  row(nowUs)
  return {
    invocations,
    throttles,
    coldStarts,
    meanConcurrency: totalArea / nowUs,
    rows,
    checksum: checksum + total[0]!,
  }
}
