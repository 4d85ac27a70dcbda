import { testHalf } from './policy-corpus-half.ts'

testHalf(0)
