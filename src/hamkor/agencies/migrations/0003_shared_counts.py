# SPDX-License-Identifier: Apache-2.0
# The table in which attempts to sign in are counted, shared by all web processes.

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("agencies", "0002_people_and_history")]

    operations = [
        migrations.RunSQL(
            sql="""
                CREATE TABLE IF NOT EXISTS hamkor_cache (
                    cache_key varchar(255) NOT NULL PRIMARY KEY,
                    value text NOT NULL,
                    expires timestamp with time zone NOT NULL
                );
                CREATE INDEX IF NOT EXISTS hamkor_cache_expires ON hamkor_cache (expires);
            """,
            reverse_sql="DROP TABLE hamkor_cache",
        )
    ]
