import { describe, expect, test } from 'vitest'
import type { AttemptRow } from '../../src/model/attempt-log.ts'
import {
  ATTEMPT_COLUMNS,
  attemptCsvLines,
  csvHeader,
  ledgerCsv,
  summaryCsv,
} from '../../src/report/csv.ts'
import { row } from './fixtures.ts'

describe('summary.csv', () => {
  const rows = [
    { ...row('function', 'api', 'Invocations', 'sum', 1_200), ci95Low: 1_190, ci95High: 1_210 },
    row('function', 'api', 'Duration', 'p99', 1 / 3),
  ]

  test('of one replication has no interval columns', () => {
    expect(summaryCsv(rows, 1)).toBe(
      'scope,name,metric,statistic,unit,value\n' +
        'function,api,Invocations,sum,count,1200\n' +
        'function,api,Duration,p99,ms,0.333333\n',
    )
  })

  test('of several replications has them, empty where there is no interval', () => {
    expect(summaryCsv(rows, 20)).toBe(
      'scope,name,metric,statistic,unit,value,ci95_low,ci95_high\n' +
        'function,api,Invocations,sum,count,1200,1190,1210\n' +
        'function,api,Duration,p99,ms,0.333333,,\n',
    )
  })

  test('without rows is the header alone', () => {
    expect(summaryCsv([], 1)).toBe('scope,name,metric,statistic,unit,value\n')
  })
})

test('ledger.csv has a line per outcome', () => {
  expect(
    ledgerCsv([
      { scope: 'traffic', name: 'web', outcome: 'entered', count: 12 },
      { scope: 'traffic', name: 'web', outcome: 'succeeded', count: 12 },
    ]),
  ).toBe('scope,name,outcome,count\ntraffic,web,entered,12\ntraffic,web,succeeded,12\n')
})

describe('the invocations file', () => {
  const attempt: AttemptRow = {
    replication: 0,
    arrivedUs: 1_234_567,
    producer: 'web',
    request: 41,
    attempt: 1,
    functionName: 'api',
    version: '$LATEST',
    outcome: 'succeeded',
    reason: '',
    start: 'cold',
    spilloverReason: '',
    environment: 3,
    waitUs: 0,
    placementUs: 100_500,
    restoreUs: 0,
    initUs: 250_000,
    durationUs: 30_000.25,
    callUs: 20_000,
    latencyUs: 400_500.25,
  }

  test('has these columns', () => {
    expect(csvHeader(ATTEMPT_COLUMNS)).toBe(
      'replication,time_s,traffic,request,function,version,outcome,reason,start,spillover_reason,environment,wait_ms,placement_ms,init_ms,duration_ms,call_ms,latency_ms,attempt,restore_ms\n',
    )
  })

  test('has a line per attempt with its times in milliseconds', () => {
    expect(attemptCsvLines([attempt])).toBe(
      '0,1.234567,web,41,api,$LATEST,succeeded,,cold,,3,0,100.5,250,30.00025,20,400.50025,1,0\n',
    )
  })
})
