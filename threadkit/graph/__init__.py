"""Structure of a debate: reply trees and people. No SQL, no text analysis."""
