"""Everything that speaks DynamoDB: one table, one small module an entity (docs/data.md)."""
